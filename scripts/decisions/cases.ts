/** What a close may turn on, in words. */
import type { AgentFacts, AgentState, AgentStateType } from '../../src/domain/agent'
import { asCounted } from '../../src/domain/agent'
import type { CloseRules } from '../../src/domain/close-rules'
import type { CloseMoment } from '../../src/domain/decide-close'
import type { Dimension } from './fold'

export interface Case {
  readonly agent: AgentFacts
  readonly rules: CloseRules
  readonly moment: CloseMoment
}

const stateOf = (type: AgentStateType, name: string = type): AgentState => {
  return { name, type, arn: name, startTimestamp: 0 }
}

/** An agent who is ready, where nobody has set anything, and a page that goes. */
export const PLAIN: Case = {
  agent: {
    username: '',
    name: '',
    routingProfile: 'theirs',
    routingProfileArn: null,
    state: stateOf('routable'),
    offlineState: stateOf('offline'),
    contacts: [],
    softphone: true,
  },
  rules: {
    mode: 'act',
    excluded: null,
    routingProfiles: [],
    fromStates: [],
    onContact: 'after',
    deskPhone: 'act',
    reload: 'recognised',
  },
  moment: { event: 'beforeunload', hint: null, otherCcps: 0, lastWindow: false },
}

const withAgent = (agent: Partial<AgentFacts>) => (one: Case) => ({ ...one, agent: { ...one.agent, ...agent } })
const withRules = (rules: Partial<CloseRules>) => (one: Case) => ({ ...one, rules: { ...one.rules, ...rules } })
const withMoment = (moment: Partial<CloseMoment>) => (one: Case) => ({ ...one, moment: { ...one.moment, ...moment } })
const both = (first: (one: Case) => Case, second: (one: Case) => Case) => (one: Case) => second(first(one))
const inState = (type: AgentStateType, fromStates: readonly string[] = []) =>
  both(withAgent({ state: stateOf(type) }), withRules({ fromStates }))

/** As the bridge reports it: it counts as Offline. */
const inTarget = both(
  inState('not_routable', ['not_routable']),
  withAgent({
    state: asCounted(stateOf('not_routable'), stateOf('not_routable')),
    offlineState: stateOf('not_routable'),
  }),
)

export const DIMENSIONS: readonly Dimension<Case>[] = [
  {
    title: 'state',
    values: [
      { words: 'takes contacts', apply: inState('routable') },
      { words: 'takes none but is named in `fromStates`', apply: inState('not_routable', ['not_routable']) },
      {
        words: 'is of a contact’s making (after-contact work, or Busy over one that takes none)',
        apply: inState('system'),
      },
      {
        words: 'is Busy over one that takes contacts',
        apply: both(inState('system'), withAgent({ chosenState: stateOf('routable') })),
      },
      { words: 'follows a missed contact or an error', apply: inState('error') },
      { words: 'takes contacts but `fromStates` names others', apply: inState('routable', ['another']) },
      { words: 'takes none', apply: inState('not_routable') },
      { words: 'is of type offline', apply: inState('offline', ['offline']) },
      {
        words: 'is the one that `targetState` names',
        apply: inTarget,
      },
      { words: 'is not known', apply: inState('unknown', ['unknown']) },
    ],
  },
  {
    title: 'settings',
    values: [
      { words: 'apply to the agent', apply: (one) => one },
      { words: 'name other `instances`', apply: withRules({ excluded: 'instance_excluded' }) },
      { words: 'name other `surfaces`', apply: withRules({ excluded: 'surface_excluded' }) },
      { words: 'name other `routingProfiles`', apply: withRules({ routingProfiles: ['another'] }) },
      {
        words: 'leave desk phones alone (`deskPhone`) and the agent has one',
        apply: both(withRules({ deskPhone: 'leave' }), withAgent({ softphone: false })),
      },
    ],
  },
  {
    title: '`onContact`',
    values: [
      { words: '`after`', apply: withRules({ onContact: 'after' }) },
      { words: '`warn`', apply: withRules({ onContact: 'warn' }) },
      { words: '`leave`', apply: withRules({ onContact: 'leave' }) },
    ],
  },
  {
    title: 'contacts',
    values: [
      { words: 'none', apply: withAgent({ contacts: [] }) },
      {
        words: 'one has ended, with work to be done after it',
        apply: withAgent({ contacts: [{ channel: 'voice', state: 'ended' }] }),
      },
      { words: 'one rings', apply: withAgent({ contacts: [{ channel: 'voice', state: 'connecting' }] }) },
      { words: 'one is open', apply: withAgent({ contacts: [{ channel: 'chat', state: 'connected' }] }) },
    ],
  },
  {
    title: 'moment',
    values: [
      { words: 'the page goes', apply: withMoment({}) },
      { words: 'it goes to another page', apply: withMoment({ hint: 'navigation' }) },
      { words: 'its frame is taken away', apply: withMoment({ event: 'pagehide' }) },
      { words: 'a reload that was known beforehand', apply: withMoment({ hint: 'reload' }) },
      { words: 'the Logout link', apply: withMoment({ event: 'logout' }) },
      { words: 'the page goes after a log-out here', apply: withMoment({ hint: 'logout' }) },
      { words: 'the page goes after a log-out in another CCP', apply: withMoment({ hint: 'terminated' }) },
      { words: '“Try again”', apply: withMoment({ event: 'try_again' }) },
      { words: '“Go Offline now”, or an agent who is not there', apply: withMoment({ event: 'asked' }) },
      { words: 'the page dies', apply: withMoment({ event: 'crash' }) },
    ],
  },
  {
    title: '`reload`',
    values: [
      { words: '`recognised`', apply: withRules({ reload: 'recognised' }) },
      { words: '`keep`', apply: withRules({ reload: 'keep' }) },
      { words: '`offline`', apply: withRules({ reload: 'offline' }) },
    ],
  },
  {
    title: 'other CCPs of the agent in this browser',
    values: [
      { words: 'none', apply: withMoment({ otherCcps: 0 }) },
      { words: 'some', apply: withMoment({ otherCcps: 1 }) },
    ],
  },
  {
    title: 'last window of the browser',
    values: [
      { words: 'no', apply: withMoment({ lastWindow: false }) },
      { words: 'yes', apply: withMoment({ lastWindow: true }) },
    ],
  },
  {
    title: 'state to set',
    values: [
      { words: 'in the list', apply: (one) => one },
      // Who is in the state that is to be set has it in their list.
      {
        words: 'not in the list',
        apply: (one) => (one.agent.offlineState?.type === 'offline' ? withAgent({ offlineState: null })(one) : one),
      },
    ],
  },
]
