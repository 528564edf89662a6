/** What this browser profile can report about each of its agents to the organization's watchdog. */
import type { AgentFacts, AgentKey } from '../agent'
import { agentKey } from '../agent'
import type { CloseRules } from '../close-rules'
import { exclusionOf, isActionable } from '../close-rules'
import type { CcpDocument, DocumentHeader } from '../closes/ccp-document'
import { isOpen } from '../closes/ccp-document'
import { flagsOf } from '../closes/flags'
import { hasLostSight } from '../closes/silent'
import type { Flag, CloseState } from '../closes/state'

export interface Presence {
  readonly key: AgentKey
  readonly instance: string
  readonly username: string
  /** Whether the agent takes contacts, or may do so after their present contact. */
  readonly isAvailable: boolean
  /** Since when by the server's clock, in ms since the epoch; null where Connect does not say. */
  readonly state: { readonly name: string; readonly since: number | null }
  /**
   * How many CCP documents are open, or belong to a close whose outcome is not known yet: this machine is still responsible for
   * those.
   */
  readonly ccps: number
  /** How many of them are open: somebody is there to read a message. */
  readonly open: number
  readonly flag: { readonly why: 'close' | 'no_ccp'; readonly closeId: string; readonly since: number } | null
}

export interface Presences {
  readonly known: readonly Presence[]
  /** Agents of documents that have not answered a new worker yet: nothing is reported about them until they have. */
  readonly undecided: ReadonlySet<AgentKey>
}

type Rules = (doc: DocumentHeader) => CloseRules

/** Agents whom the settings exclude are not among them. */
export function presencesOf(state: CloseState, rules: Rules): Presences {
  const byAgent = new Map<AgentKey, Known[]>()
  for (const doc of Object.values(state.documents)) {
    const { agent, instance } = doc
    if (agent === null || exclusionOf(agent, rules(doc)) !== null) continue
    const key = agentKey(instance, agent)
    byAgent.set(key, [...(byAgent.get(key) ?? []), { doc, agent }])
  }
  const flags = new Map(
    flagsOf(state)
      .filter(isWatched)
      .map((flag) => [agentKey(flag.instance, flag), flag]),
  )
  const undecided = new Set<AgentKey>()
  const known: Presence[] = []
  for (const key of new Set([...byAgent.keys(), ...flags.keys()])) {
    const here = byAgent.get(key) ?? []
    if (here.length > 0 && here.every(({ doc }) => isOpen(doc) && doc.unheardSince !== null)) undecided.add(key)
    else known.push(presenceOf(key, here, flags.get(key), rules))
  }
  return { known, undecided }
}

/** The last report about an agent of whom there is nothing more to report. */
export function goneFor(key: AgentKey, instance: string, username: string): Presence {
  return { key, instance, username, isAvailable: false, state: { name: '', since: null }, ccps: 0, open: 0, flag: null }
}

interface Known {
  readonly doc: CcpDocument
  readonly agent: AgentFacts
}

/** A flag of mode `observe` alarms nobody; and an agent whose CCP is open is reported by its documents. */
const isWatched = ({ why, isObserved }: Flag): boolean => !isObserved && (why === 'close' || why === 'no_ccp')

function presenceOf(key: AgentKey, here: readonly Known[], flag: Flag | undefined, rules: Rules): Presence {
  // Once its close is flagged, this machine is no longer responsible for a closed document: only open ones count.
  const open = here.filter(({ doc }) => isOpen(doc) && doc.orphanedAt === null)
  const counted = flag === undefined ? here : open
  // Each document knows the agent as it last saw them: the newest counts.
  const newest = [...(counted.length > 0 ? counted : here)].sort((a, b) => b.doc.agentAt - a.doc.agentAt)[0]
  const state = newest?.agent.state ?? flag?.stateBefore
  return {
    key,
    instance: newest?.doc.instance ?? flag?.instance ?? '',
    username: newest?.agent.username ?? flag?.username ?? '',
    isAvailable:
      counted.length === 0 || newest === undefined
        ? flag !== undefined
        : hasLostSight(newest.doc) || isActionable(newest.agent, rules(newest.doc)),
    state: { name: state?.name ?? '', since: state?.startTimestamp ?? null },
    ccps: counted.length,
    open: open.length,
    flag:
      flag === undefined
        ? null
        : { why: flag.why === 'no_ccp' ? 'no_ccp' : 'close', closeId: flag.closeId, since: flag.since },
  }
}
