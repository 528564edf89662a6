import type { AgentFacts, AgentStateType } from '../../../src/domain/agent'
import type { CloseRules } from '../../../src/domain/close-rules'
import { decideClose } from '../../../src/domain/decide-close'
import type { Outlook } from '../../../src/domain/outlook'
import { outlookOf } from '../../../src/domain/outlook'
import type { Protection } from '../../../src/domain/closes/ccp-document'
import { facts, RULES, state } from './build'

const PROTECTED = { status: 'protected' } as const
const outlook = (agent: AgentFacts | null, rules: Partial<CloseRules> = {}, otherCcps = 0): Outlook =>
  outlookOf({ agent, protection: PROTECTED }, { ...RULES, ...rules }, otherCcps, 10)

const onCall = facts('system', {
  contacts: [{ channel: 'voice', state: 'connected' }],
  chosenState: state('routable'),
})
const onChat = facts('routable', { contacts: [{ channel: 'chat', state: 'connected' }] })
const afterChat = facts('routable', { contacts: [{ channel: 'chat', state: 'ended' }] })

test.each<[string, Outlook, Outlook]>([
  ['sets Offline', outlook(facts()), { is: 'sets', target: 'Abgemeldet' }],
  [
    'sets Offline later, if reloads keep the status',
    outlook(facts(), { reload: 'keep' }),
    { is: 'sets_later', target: 'Abgemeldet' },
  ],
  ['waits for a call', outlook(onCall), { is: 'after_contact', target: 'Abgemeldet', withinMinutes: null }],
  ['waits for a chat', outlook(onChat), { is: 'after_contact', target: 'Abgemeldet', withinMinutes: null }],
  [
    'waits for after-contact work',
    outlook(afterChat),
    { is: 'after_contact', target: 'Abgemeldet', withinMinutes: 10 },
  ],
  ['is deferred to another CCP', outlook(facts(), {}, 1), { is: 'other_ccp' }],
  [
    'is deferred to another CCP if reloads keep the status, too',
    outlook(facts(), { reload: 'keep' }, 1),
    { is: 'other_ccp' },
  ],
  ['is observed', outlook(facts(), { mode: 'observe' }), { is: 'observes', would: 'sets', target: 'Abgemeldet' }],
  [
    'is observed on a contact',
    outlook(onChat, { mode: 'observe' }),
    { is: 'observes', would: 'after_contact', target: 'Abgemeldet' },
  ],
  [
    'is observed beside another CCP',
    outlook(facts(), { mode: 'observe' }, 1),
    { is: 'observes', would: null, target: 'Abgemeldet' },
  ],
  [
    'observes nothing for an agent who is not routable',
    outlook(facts('not_routable'), { mode: 'observe' }),
    { is: 'takes_no_contacts' },
  ],
  ['is switched off', outlook(facts(), { mode: 'off' }), { is: 'off' }],
  ['has nothing to do', outlook(facts('offline')), { is: 'already_offline' }],
  ['keeps a break', outlook(facts('not_routable')), { is: 'takes_no_contacts' }],
  ['keeps an unrecognized state', outlook(facts('init')), { is: 'other_state' }],
  [
    'keeps a state that is not named',
    outlook(facts(), { fromStates: ['Backoffice'] }),
    { is: 'kept', reason: 'state_excluded' },
  ],
  [
    'keeps the state in another instance',
    outlook(facts(), { excluded: 'instance_excluded' }),
    { is: 'kept', reason: 'instance_excluded' },
  ],
  [
    'keeps the state in another kind of page',
    outlook(facts(), { excluded: 'surface_excluded' }),
    { is: 'kept', reason: 'surface_excluded' },
  ],
  [
    'keeps the state with another routing profile',
    outlook(facts(), { routingProfiles: ['Sales'] }),
    { is: 'kept', reason: 'routing_profile_excluded' },
  ],
  [
    'keeps the state with a desk phone',
    outlook(facts('routable', { softphone: false }), { deskPhone: 'leave' }),
    { is: 'kept', reason: 'desk_phone' },
  ],
  ['keeps the state on a contact', outlook(onChat, { onContact: 'leave' }), { is: 'kept', reason: 'contact_kept' }],
  ['cannot set Offline', outlook(facts('routable', { offlineState: null })), { is: 'cannot' }],
  ['does not know whose CCP it is', outlook(null), { is: 'agent_unknown' }],
])('a close %s', (_what, found, expected) => {
  expect(found).toEqual(expected)
})

test('nothing is promised for a page that is unprotected, or not ready', () => {
  const of = (protection: Protection) => outlookOf({ agent: facts(), protection }, RULES, 0, 10)
  expect(of({ status: 'waiting' })).toEqual({ is: 'waiting' })
  const missing = of({ status: 'waiting', missing: 'no_connect' })
  expect(missing).toEqual({ is: 'unprotected', reason: 'no_connect' })
  expect(of({ status: 'unprotected', reason: 'no_agent' })).toEqual({ is: 'unprotected', reason: 'no_agent' })
})

test('Offline is promised exactly when a closing page sets it', () => {
  const types: readonly AgentStateType[] = ['init', 'routable', 'not_routable', 'offline', 'system', 'error', 'unknown']
  const contacts = [[], [{ channel: 'voice', state: 'connected' }], [{ channel: 'chat', state: 'ended' }]]
  const agents = types.flatMap((type) =>
    contacts.flatMap((each) => [facts(type, { contacts: each }), facts(type, { contacts: each, offlineState: null })]),
  )
  const given = (['act', 'observe', 'off'] as const).flatMap((mode) =>
    (['recognised', 'keep', 'offline'] as const).map((reload) => ({ mode, reload })),
  )
  let promised = 0
  for (const agent of agents) {
    for (const rules of given) {
      for (const otherCcps of [0, 1]) {
        const found = outlook(agent, rules, otherCcps).is
        const moment = { event: 'pagehide', hint: null, otherCcps, lastWindow: false } as const
        const sets = decideClose(agent, { ...RULES, ...rules }, moment).action === 'set_offline'
        expect({ agent, found, sets: found === 'sets' || found === 'sets_later' }).toEqual({ agent, found, sets })
        promised += Number(sets)
      }
    }
  }
  expect(promised).toBe(3)
})
