import type { AgentState } from '../../../src/domain/agent'
import type { Outlook } from '../../../src/domain/outlook'
import { outlookPill, outlookSentence } from '../../../src/ui/outlook-words'
import { sampleAgent } from './samples'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./fake-browser'))

const target = 'Abgemeldet'
const LUNCH: AgentState = { name: 'Mittag', type: 'not_routable', arn: null, startTimestamp: null }
const say = (outlook: Outlook, state = LUNCH): string => outlookSentence(outlook, sampleAgent({ state })).text

test.each<[Outlook, string]>([
  [{ is: 'sets', target }, 'Closing this CCP sets you Abgemeldet.'],
  [{ is: 'sets_later', target }, 'sets you Abgemeldet a few seconds later'],
  [{ is: 'after_contact', target, withinMinutes: null }, 'you go Abgemeldet when this contact is finished.'],
  [{ is: 'after_contact', target: null, withinMinutes: null }, 'you go Offline when'],
  [{ is: 'after_contact', target, withinMinutes: 10 }, 'when your after-contact work is done, in 10 minutes at most.'],
  [{ is: 'other_ccp' }, 'You have another CCP open.'],
  [
    { is: 'observes', would: 'sets', target },
    'Trial mode: closing this CCP does not change your status. Set it yourself.',
  ],
  [{ is: 'observes', would: 'after_contact', target }, 'Set it yourself after this contact.'],
  [{ is: 'observes', would: null, target }, 'Trial mode: closing this CCP changes nothing.'],
  [{ is: 'off' }, 'Signoff is off'],
  [{ is: 'already_offline' }, 'You are already Mittag.'],
  [{ is: 'takes_no_contacts' }, 'You stay in Mittag'],
  [{ is: 'other_state' }, 'Closing keeps you in Mittag.'],
  [{ is: 'kept', reason: 'state_excluded' }, 'Closing keeps Mittag: Signoff is not set up to change it.'],
  [{ is: 'kept', reason: 'instance_excluded' }, 'this instance'],
  [{ is: 'kept', reason: 'surface_excluded' }, 'this kind of page'],
  [{ is: 'kept', reason: 'routing_profile_excluded' }, 'your routing profile'],
  [{ is: 'kept', reason: 'desk_phone' }, 'desk phone'],
  [{ is: 'kept', reason: 'contact_kept' }, 'while you have a contact'],
  [{ is: 'cannot' }, 'Not protected: your status list has no Offline.'],
  [{ is: 'waiting' }, 'Wait for “Protected” before you close it.'],
  [{ is: 'agent_unknown' }, 'Nobody is signed in yet.'],
  [{ is: 'unprotected', reason: 'no_connect' }, 'Not protected.'],
])('%j becomes a sentence', (outlook, text) => {
  expect(say(outlook)).toContain(text)
})

test('Connect’s own names of statuses are replaced by plain words', () => {
  const busy: AgentState = { ...LUNCH, name: 'PendingBusy', type: 'system' }
  expect(say({ is: 'other_state' }, busy)).toBe('Closing keeps you in Incoming contact.')
})

test('“Protected” is shown only where closing the CCP sets the agent Offline', () => {
  const all: Outlook[] = [
    { is: 'sets', target },
    { is: 'sets_later', target },
    { is: 'after_contact', target, withinMinutes: null },
    { is: 'observes', would: 'sets', target },
    { is: 'off' },
    { is: 'cannot' },
    { is: 'unprotected', reason: 'no_agent' },
    { is: 'kept', reason: 'desk_phone' },
    { is: 'other_ccp' },
    { is: 'waiting' },
    { is: 'agent_unknown' },
    { is: 'already_offline' },
    { is: 'takes_no_contacts' },
    { is: 'other_state' },
  ]
  const words = new Map<string, string[]>()
  for (const outlook of all) {
    const { word } = outlookPill(outlook)
    words.set(word, [...(words.get(word) ?? []), outlook.is])
  }
  expect(Object.fromEntries(words)).toEqual({
    protectionProtected: ['sets', 'sets_later', 'after_contact'],
    popupModeObserve: ['observes'],
    popupModeOff: ['off'],
    protectionUnprotected: ['cannot', 'unprotected', 'kept'],
    protectionOtherCcp: ['other_ccp'],
    protectionWaiting: ['waiting', 'agent_unknown'],
    protectionNotNeeded: ['already_offline', 'takes_no_contacts', 'other_state'],
  })
})
