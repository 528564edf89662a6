import type { Outlook } from '../../../src/domain/outlook'
import { outlookSentence } from '../../../src/ui/outlook-words'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./fake-browser'))

const target = 'Abgemeldet'
const state = 'Verfügbar'

test.each<[Outlook, string]>([
  [{ is: 'sets', target }, 'Closing this CCP will set you Abgemeldet.'],
  [{ is: 'sets_later', target }, 'will set you Abgemeldet a few seconds after it is gone'],
  [{ is: 'after_contact', target }, 'Closing sets you Abgemeldet when your contact has ended.'],
  [{ is: 'after_contact', target: null }, 'Closing sets you Offline when'],
  [{ is: 'other_ccp' }, 'another CCP is open in this browser'],
  [{ is: 'observes', would: 'sets', target }, 'Otherwise it would set you Abgemeldet.'],
  [{ is: 'observes', would: 'after_contact', target }, 'would set you Abgemeldet when your contact has ended'],
  [{ is: 'observes', would: null, target }, 'Signoff is set to observe'],
  [{ is: 'off' }, 'switched off'],
  [{ is: 'already_offline', state: target }, 'you are Abgemeldet already'],
  [{ is: 'takes_no_contacts', state: 'Mittag' }, 'you are in Mittag, which takes no contacts'],
  [{ is: 'other_state', state: 'Busy' }, 'while you are in Busy'],
  [{ is: 'kept', state, reason: 'state_excluded' }, 'do not name it'],
  [{ is: 'kept', state, reason: 'instance_excluded' }, 'leave this instance alone'],
  [{ is: 'kept', state, reason: 'surface_excluded' }, 'pages of this kind'],
  [{ is: 'kept', state, reason: 'routing_profile_excluded' }, 'your routing profile'],
  [{ is: 'kept', state, reason: 'desk_phone' }, 'desk phone'],
  [{ is: 'kept', state, reason: 'contact_kept' }, 'while you have a contact'],
  [{ is: 'cannot' }, 'cannot set you Offline'],
  [{ is: 'waiting' }, 'Until then, closing it is not protected.'],
  [{ is: 'agent_unknown' }, 'who is signed in'],
  [{ is: 'unprotected', reason: 'no_connect' }, 'Not protected on this page'],
])('%j is said', (outlook, text) => {
  expect(outlookSentence(outlook).text).toContain(text)
})
