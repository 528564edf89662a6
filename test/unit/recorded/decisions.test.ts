/** What is decided about the agent of each recorded snapshot when their CCP closes, and when they are away from an open one. */
import type { AgentFacts } from '../../../src/domain/agent'
import { decideAway } from '../../../src/domain/away-decision'
import { AWAY_KINDS } from '../../../src/domain/close-report'
import { decideClose } from '../../../src/domain/decide-close'
import type { RecordedName } from '../../recorded/snapshots'
import { RULES } from '../domain/build'
import { CASES, factsOf, IN_AVAILABLE } from './recorded'

/** The same agent when the contact is over: nobody took it, or there is work left to do. */
const without = (facts: AgentFacts): AgentFacts => ({ ...facts, contacts: [] })
const afterIts = (facts: AgentFacts): AgentFacts => ({
  ...facts,
  contacts: facts.contacts.map((contact) => ({ ...contact, state: 'ended' })),
})

describe('a close', () => {
  const close = (facts: AgentFacts): string => {
    const moment = { event: 'beforeunload', hint: null, otherCcps: 0, lastWindow: false } as const
    const decision = decideClose(facts, RULES, moment)
    return 'reason' in decision ? decision.reason : decision.action
  }

  /** An agent with a contact is awaited, whatever the state is called. */
  const DECISIONS: Readonly<Record<RecordedName, string>> = {
    'just before a contact': 'contact_first',
    'a call rings, softphone': 'contact_first',
    'a call rings, desk phone': 'contact_first',
    'a supervisor listens in': 'contact_first',
    'an outbound call': 'contact_first',
    'a queued callback rings': 'contact_first',
    'a queued callback is taken': 'contact_first',
    'a chat rings': 'contact_first',
    'a task rings': 'contact_first',
    'Offline, 2023': 'not_routable',
    'Offline, 2025': 'not_routable',
  }

  it.each(CASES)('is decided: %s', (what) => {
    expect(close(factsOf(what))).toBe(DECISIONS[what])
  })

  it.each(IN_AVAILABLE)('sets Offline once the contact is gone: %s', (what) => {
    expect(close(without(factsOf(what)))).toBe('set_offline')
    expect(close(afterIts(factsOf(what)))).toBe('contact_first')
  })
})

describe.each(AWAY_KINDS)('an agent who is away, %s', (kind) => {
  const away = (facts: AgentFacts, use: 'flag' | 'offline') => decideAway(facts, RULES, use, kind)
  const NOTHING = { action: 'nothing' }

  // A contact is on its way, or there, or the agent is Offline: no further contact can come.
  it.each(CASES)('is left alone for now: %s', (what) => {
    expect(away(factsOf(what), 'offline')).toEqual(NOTHING)
    expect(away(factsOf(what), 'flag')).toEqual(NOTHING)
  })

  it.each(IN_AVAILABLE)('is set Offline, or flagged, once the contact is gone: %s', (what) => {
    const facts = without(factsOf(what))
    expect(away(facts, 'offline')).toEqual({ action: 'set_offline' })
    expect(away(facts, 'flag')).toEqual({ action: 'flag', reason: 'only_flagged' })
  })

  it.each(IN_AVAILABLE)('is flagged and keeps the work after the contact: %s', (what) => {
    const facts = afterIts(factsOf(what))
    expect(away(facts, 'offline')).toEqual({ action: 'flag', reason: 'contact_first' })
    expect(away(facts, 'flag')).toEqual({ action: 'flag', reason: 'only_flagged' })
  })
})
