/** What this browser profile can tell the organization's watchdog about each of its agents. */
import type { AgentFacts, AgentKey } from '../agent'
import { agentKey } from '../agent'
import type { CloseRules } from '../close-rules'
import { exclusionOf, isActionable } from '../close-rules'
import type { CcpDocument, DocumentHeader } from '../closes/ccp-document'
import { isOpen } from '../closes/ccp-document'
import { flagsOf } from '../closes/flags'
import type { Flag, CloseState } from '../closes/state'

export interface Presence {
  readonly key: AgentKey
  readonly instance: string
  readonly username: string
  /** Whether the agent takes contacts, or may again when their present contact has ended. */
  readonly isAvailable: boolean
  /** Since when by the server's clock, in ms since the epoch; null where Connect does not say. */
  readonly state: { readonly name: string; readonly since: number | null }
  /** CCP documents that are open, and closes whose outcome is not known yet: this machine still sees to those. */
  readonly ccps: number
  /** Those of them that are open: somebody is there to be told something. */
  readonly open: number
  readonly flag: { readonly why: 'close' | 'no_ccp'; readonly closeId: string; readonly since: number } | null
}

export interface Presences {
  readonly known: readonly Presence[]
  /** Agents of documents that have not answered a new worker yet: nothing is said of them until they have. */
  readonly undecided: ReadonlySet<AgentKey>
}

type Rules = (doc: DocumentHeader) => CloseRules

/** Agents whom the settings leave alone are not among them. */
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

/** Told once of an agent of whom there is nothing more to say. */
export function goneFor(key: AgentKey, instance: string, username: string): Presence {
  return { key, instance, username, isAvailable: false, state: { name: '', since: null }, ccps: 0, open: 0, flag: null }
}

interface Known {
  readonly doc: CcpDocument
  readonly agent: AgentFacts
}

/** What is only observed alarms nobody, and of agents whose CCP is open the watchdog hears by their documents. */
const isWatched = ({ why, isObserved }: Flag): boolean => !isObserved && (why === 'close' || why === 'no_ccp')

function presenceOf(key: AgentKey, here: readonly Known[], flag: Flag | undefined, rules: Rules): Presence {
  // A flagged close is not seen to by this machine any more: only what is open counts.
  const open = here.filter(({ doc }) => isOpen(doc) && doc.orphanedAt === null)
  const counted = flag === undefined ? here : open
  // Each document knows the agent as it last saw them: the newest sight counts.
  const newest = [...(counted.length > 0 ? counted : here)].sort((a, b) => b.doc.agentAt - a.doc.agentAt)[0]
  const state = newest?.agent.state ?? flag?.stateBefore
  return {
    key,
    instance: newest?.doc.instance ?? flag?.instance ?? '',
    username: newest?.agent.username ?? flag?.username ?? '',
    isAvailable:
      counted.length === 0 || newest === undefined ? flag !== undefined : isActionable(newest.agent, rules(newest.doc)),
    state: { name: state?.name ?? '', since: state?.startTimestamp ?? null },
    ccps: counted.length,
    open: open.length,
    flag:
      flag === undefined
        ? null
        : { why: flag.why === 'no_ccp' ? 'no_ccp' : 'close', closeId: flag.closeId, since: flag.since },
  }
}
