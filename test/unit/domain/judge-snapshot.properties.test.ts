import fc from 'fast-check'
import { judgeSnapshot } from '../../../src/domain/judge-snapshot'
import { PROPERTY_MS } from '../../property-time'
import { state, T0 } from './build'

jest.setTimeout(PROPERTY_MS)

const CONTACT_STATES = 'init incoming pending connecting connected paused missed error ended rejected new'.split(' ')

test('whatever the instance answers, nobody is set Offline on a contact, or in the work after it', () => {
  const types = ['init', 'routable', 'not_routable', 'offline', 'system', 'error', 'unknown'] as const
  const states = fc
    .record({ type: fc.constantFrom(...types), startTimestamp: fc.constantFrom(T0, T0 + 9) })
    .map(({ type, startTimestamp }) => ({ ...state(type), startTimestamp }))
  fc.assert(
    fc.property(
      states,
      states,
      fc.array(fc.constantFrom(...CONTACT_STATES), { maxLength: 3 }),
      fc.boolean(),
      (before, now, contacts, sawContact) => {
        const snapshot = { state: now, contacts: contacts.map((each) => ({ channel: '', state: each })) }
        const verdict = judgeSnapshot({ state: before, sawContact, isAnswered: false }, snapshot)
        const isFree = contacts.every((each) => ['missed', 'error', 'rejected'].includes(each))
        if (verdict === 'set') expect(isFree && ['routable', 'error'].includes(now.type)).toBe(true)
        if (verdict === 'work') {
          expect(contacts.every((each) => ['missed', 'error', 'rejected', 'ended'].includes(each))).toBe(true)
        }
        // A state that nobody has chosen, and that may end in Available, is never final.
        if (now.type === 'system' || now.type === 'error') expect(['contact', 'work', 'set']).toContain(verdict)
      },
    ),
  )
})
