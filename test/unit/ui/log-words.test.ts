import messages from '../../../_locales/en/messages.json'
import { evidenceText, reasonText, stepText, WOULDS } from '../../../src/ui/log-words'
import { sampleEntry } from './samples'
import type { NotNeededReason } from '../../../src/domain/reasons'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./fake-browser'))

test('everything that would have been done has a text', () => {
  expect(Object.values(WOULDS).filter((key) => !Object.hasOwn(messages, key))).toEqual([])
})

test('an entry names the target state, by its agent’s name for it', () => {
  const entry = sampleEntry({ target: 'Feierabend', evidence: 'snapshot' })
  expect(evidenceText(entry)).toBe('Only a CCP page showed Feierabend')
  expect(stepText('call_succeeded', entry)).toBe('Connect accepted Feierabend')
  expect(stepText('opened', entry)).toBe('CCP opened')
})

test('entries of older versions use the common name', () => {
  expect(evidenceText(sampleEntry({ evidence: 'snapshot' }))).toBe('Only a CCP page showed Offline')
})

test('an observed close shows what would have been done', () => {
  const observed = { outcome: 'not_needed', reason: 'mode_observe', evidence: 'none' } as const
  const entry = sampleEntry({ ...observed, would: 'set_offline', target: 'Feierabend' })
  expect(reasonText(entry)).toBe('Would have set the agent Feierabend')
  expect(evidenceText(entry)).toBe('Nothing was changed')
  expect(reasonText(sampleEntry(observed))).toBe('Signoff only observes')
})

test.each<[NotNeededReason | 'other_ccp', string]>([
  ['other_ccp', 'Another CCP is open in this browser'],
  ['state_excluded', 'The settings name other statuses to act on'],
  ['routing_profile_excluded', 'The settings leave this routing profile alone'],
  ['surface_excluded', 'The settings leave this kind of page alone'],
  ['instance_excluded', 'The settings leave this instance alone'],
  ['mode_off', 'Signoff is switched off'],
])('%s is a plain sentence', (reason, text) => {
  expect(reasonText(sampleEntry({ outcome: 'not_needed', evidence: 'none', reason }))).toBe(text)
})
