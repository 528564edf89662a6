/** The records of what is protected on a machine, so that a machine that falls silent is missed. */
import type { PolicyState } from '../policy'
import type { CcpDocument } from '../closes/ccp-document'
import { keyOf } from '../closes/ccp-document'
import { flagsOf } from '../closes/flags'
import type { CloseState } from '../closes/state'
import type { Settings } from '../settings'
import type { CoverageCause } from './coverage'
import type { Attributes, Draft } from './record'
import { attributesOf } from './record'

/** A machine, apart from its agents. */
export interface Machine {
  readonly settings: Settings
  readonly policyState: PolicyState
  /** A hash of the policy's values without secrets; empty without a policy. */
  readonly policyHash: string
  readonly policyProblems: number
  readonly hostsGranted: boolean
  /** Tabs with a CCP that is not protected. */
  readonly unreachedTabs: number
  readonly outbox: { readonly waiting: number; readonly dropped: number; readonly rejected: number }
}

/**
 * One record for each agent with a CCP open here, or one without an agent.
 * @param now in ms since the epoch; the ids are made of it: two records of the same time are one.
 */
export function coverageRecords(state: CloseState, machine: Machine, cause: CoverageCause, now: number): Draft[] {
  const open = Object.values(state.documents).filter(({ gone }) => gone === null)
  const byAgent = new Map<string | null, CcpDocument[]>()
  for (const doc of open) byAgent.set(keyOf(doc), [...(byAgent.get(keyOf(doc)) ?? []), doc])
  const known = [...byAgent.entries()].filter(([key]) => key !== null)
  const common = { ...machineAttributes(state, machine), ...pagesAttributes(open), 'ccp_signoff.coverage.cause': cause }
  if (known.length === 0) return [recordOf(0, now, common, [])]
  return known.map(([, docs], nth) => recordOf(nth, now, { ...common, ...agentAttributes(docs) }, docs))
}

function recordOf(nth: number, now: number, attributes: Attributes, docs: readonly CcpDocument[]): Draft {
  const doc = newestOf(docs)
  const agent = doc?.agent ?? null
  return {
    id: `coverage/${now}/${nth}`,
    at: now,
    event: 'ccp_signoff.coverage',
    severity: 'INFO',
    body: agent === null ? 'No agent has a CCP open' : `An agent has a CCP open: ${agent.state.name}`,
    attributes,
    about: doc === undefined || agent === null ? null : { instance: doc.instance, username: agent.username },
    isUrgent: false,
  }
}

/** The document whose message is the newest, as is what it says of the agent. */
function newestOf(docs: readonly CcpDocument[]): CcpDocument | undefined {
  return [...docs].sort((a, b) => b.agentAt - a.agentAt)[0]
}

function machineAttributes(state: CloseState, machine: Machine): Attributes {
  const { settings, outbox } = machine
  return attributesOf({
    'ccp_signoff.mode': settings.mode,
    'ccp_signoff.policy.state': machine.policyState,
    'ccp_signoff.policy.hash': machine.policyHash,
    'ccp_signoff.policy.problems': machine.policyProblems,
    'ccp_signoff.hosts_granted': machine.hostsGranted,
    'ccp_signoff.flags': flagsOf(state).filter(({ isObserved }) => !isObserved).length,
    'ccp_signoff.coverage.interval_ms': settings.coverageMinutes * 60_000,
    'ccp_signoff.ccps.unreached_tabs': machine.unreachedTabs,
    'ccp_signoff.outbox.waiting': outbox.waiting,
    'ccp_signoff.outbox.dropped': outbox.dropped,
    'ccp_signoff.outbox.rejected': outbox.rejected,
    'ccp_signoff.capability.background': statuses(Object.values(state.backgroundPaths).map(({ status }) => status)),
  })
}

function pagesAttributes(docs: readonly CcpDocument[]): Attributes {
  return attributesOf({
    'ccp_signoff.ccps.open': docs.length,
    'ccp_signoff.ccps.protected': docs.filter(({ protection }) => protection.status === 'protected').length,
    'ccp_signoff.capability.direct': statuses(docs.map(({ capabilities }) => capabilities?.direct.status)),
    'ccp_signoff.capability.dead_mans_switch': statuses(docs.map(({ capabilities }) => capabilities?.deadMansSwitch)),
  })
}

function agentAttributes(docs: readonly CcpDocument[]): Attributes {
  const doc = newestOf(docs)
  const state = doc?.agent?.state
  return attributesOf({
    'server.address': doc?.instance,
    'ccp_signoff.agent.state': state?.name,
    'ccp_signoff.agent.state.type': state?.type,
    'ccp_signoff.agent.available': state?.type === 'routable',
    'ccp_signoff.agent.routing_profile': doc?.agent?.routingProfile,
  })
}

/** Those that occur, in order: `armed, unsupported`. */
function statuses(values: readonly (string | undefined)[]): string {
  return [...new Set(values.flatMap((value) => value ?? []))].sort().join(', ')
}
