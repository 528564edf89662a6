import type { AdmissionRules } from '../../../../src/domain/field-check/admission'
import { refusalFor } from '../../../../src/domain/field-check/admission'
import { facts } from '../build'

const agent = { ...facts(), username: 'tess' }
const BY_HAND: AdmissionRules = { named: null, isManaged: false, isConfirmed: false }

it.each([
  ['installed by hand, not confirmed', { ...BY_HAND }, 'unconfirmed'],
  ['installed by hand, confirmed', { ...BY_HAND, isConfirmed: true }, null],
  ['managed, without a policy', { ...BY_HAND, isManaged: true, isConfirmed: true }, 'off'],
  ['policy names no agents', { named: [], isManaged: true, isConfirmed: true }, 'off'],
  ['policy names another', { named: ['dana'], isManaged: true, isConfirmed: true }, 'not_named'],
  ['policy names the agent', { named: ['dana', 'Tess'], isManaged: true, isConfirmed: false }, null],
  ['policy names another, installed by hand', { named: ['dana'], isManaged: false, isConfirmed: true }, 'not_named'],
] as const)('%s', (_name, rules, refusal) => {
  expect(refusalFor({ agent, ownCookies: true }, rules)).toBe(refusal)
})

it('no agent on a contact, in a private window, or unknown', () => {
  const rules = { ...BY_HAND, isConfirmed: true }
  const busy = { ...agent, contacts: [{ channel: 'chat', state: 'connected' }] }
  expect(refusalFor({ agent: busy, ownCookies: true }, rules)).toBe('contact')
  expect(refusalFor({ agent, ownCookies: false }, rules)).toBe('other_cookies')
  expect(refusalFor({ agent: null, ownCookies: true }, rules)).toBe('agent_unknown')
})
