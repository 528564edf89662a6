/** Everything that the decision about a close may depend on, with a phrase for each value. */
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

/** The case that every other case is made from: an Available agent, default settings, and a page that is closing. */
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

/** The agent is in the state that `targetState` names. The bridge reports such a state as counting as Offline. */
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
      { words: 'takes no contacts but is named in `fromStates`', apply: inState('not_routable', ['not_routable']) },
      {
        words: 'is set by a contact (after-contact work, or Busy over a state that takes no contacts)',
        apply: inState('system'),
      },
      {
        words: 'is Busy over a state that takes contacts',
        apply: both(inState('system'), withAgent({ chosenState: stateOf('routable') })),
      },
      { words: 'follows a missed contact or an error', apply: inState('error') },
      { words: 'takes contacts but is not named in `fromStates`', apply: inState('routable', ['another']) },
      { words: 'takes no contacts', apply: inState('not_routable') },
      { words: 'is of type offline', apply: inState('offline', ['offline']) },
      {
        words: 'is the state that `targetState` names',
        apply: inTarget,
      },
      { words: 'is not known', apply: inState('unknown', ['unknown']) },
    ],
  },
  {
    title: 'settings',
    values: [
      { words: 'apply to the agent', apply: (one) => one },
      { words: 'name only other `instances`', apply: withRules({ excluded: 'instance_excluded' }) },
      { words: 'name only other `surfaces`', apply: withRules({ excluded: 'surface_excluded' }) },
      { words: 'name only other `routingProfiles`', apply: withRules({ routingProfiles: ['another'] }) },
      {
        words: 'leave desk phones alone (`deskPhone`) and the agent uses one',
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
        words: 'one has ended and leaves after-contact work',
        apply: withAgent({ contacts: [{ channel: 'voice', state: 'ended' }] }),
      },
      { words: 'one is ringing', apply: withAgent({ contacts: [{ channel: 'voice', state: 'connecting' }] }) },
      { words: 'one is open', apply: withAgent({ contacts: [{ channel: 'chat', state: 'connected' }] }) },
    ],
  },
  {
    title: 'moment',
    values: [
      { words: 'the page closes', apply: withMoment({}) },
      { words: 'the tab goes to another page', apply: withMoment({ hint: 'navigation' }) },
      { words: 'the page’s frame is removed', apply: withMoment({ event: 'pagehide' }) },
      { words: 'a reload that was recognized beforehand', apply: withMoment({ hint: 'reload' }) },
      { words: 'the Logout link', apply: withMoment({ event: 'logout' }) },
      { words: 'the page closes after a log-out in it', apply: withMoment({ hint: 'logout' }) },
      { words: 'the page closes after a log-out in another CCP', apply: withMoment({ hint: 'terminated' }) },
      { words: '“Try again”', apply: withMoment({ event: 'try_again' }) },
      { words: '“Go Offline now”, or an agent who is away', apply: withMoment({ event: 'asked' }) },
      { words: 'the page’s process dies', apply: withMoment({ event: 'crash' }) },
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
      // An agent who is in the target state has that state in their list.
      {
        words: 'not in the list',
        apply: (one) => (one.agent.offlineState?.type === 'offline' ? withAgent({ offlineState: null })(one) : one),
      },
    ],
  },
]
