import messages from '../../../_locales/en/messages.json'
import type { NotNeededReason } from '../../../src/domain/decide-close'
import { evidenceText, reasonText, stepText, WOULDS } from '../../../src/ui/log-words'
import { sampleEntry } from './samples'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./fake-browser'))

test('what would have been done has a text, whatever it is', () => {
  expect(Object.values(WOULDS).filter((key) => !Object.hasOwn(messages, key))).toEqual([])
})

test('an entry names the state that was to be set, as its agent knows it', () => {
  const entry = sampleEntry({ target: 'Feierabend', evidence: 'snapshot' })
  expect(evidenceText(entry)).toBe('Seen Feierabend in an open CCP')
  expect(stepText('call_succeeded', entry)).toBe('Connect confirmed Feierabend')
  expect(stepText('opened', entry)).toBe('CCP opened')
})

test('entries of older versions name it as everybody does', () => {
  expect(evidenceText(sampleEntry({ evidence: 'snapshot' }))).toBe('Seen Offline in an open CCP')
})

test('what was only observed says what would have been done', () => {
  const observed = { outcome: 'not_needed', reason: 'mode_observe', evidence: 'none' } as const
  const entry = sampleEntry({ ...observed, would: 'set_offline', target: 'Feierabend' })
  expect(reasonText(entry)).toBe('Signoff only observes. It would have set the agent Feierabend')
  expect(evidenceText(entry)).toBe('Nothing was changed')
  expect(reasonText(sampleEntry(observed))).toBe('Signoff only observes')
})

test.each<[NotNeededReason | 'other_ccp', string]>([
  ['other_ccp', 'Another CCP is open in this browser'],
  ['state_excluded', 'The settings name other states to act on'],
  ['routing_profile_excluded', 'The settings leave this routing profile alone'],
  ['surface_excluded', 'The settings leave this kind of page alone'],
  ['instance_excluded', 'The settings leave this instance alone'],
  ['mode_off', 'Signoff is switched off'],
])('%s is a plain sentence', (reason, text) => {
  expect(reasonText(sampleEntry({ outcome: 'not_needed', evidence: 'none', reason }))).toBe(text)
})
