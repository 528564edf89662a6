import { evidenceWord } from '../../../src/ui/words'
import * as words from '../../../src/ui/words'
import type { Outcome } from '../../../src/domain/log-entry'
import { t } from '../../../src/ui/i18n'
import messages from '../../../_locales/en/messages.json'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./fake-browser'))

test('every code has a text', () => {
  const { OUTCOMES, CAUSES, REASONS, STATE_TYPES, SURFACES, TIMELINE_EVENTS, UNPROTECTED_REASONS } = words
  const { DIRECT_PATHS, CRASH_PROTECTIONS, BACKGROUND_PATHS } = words
  const plain = [OUTCOMES, CAUSES, REASONS, STATE_TYPES, SURFACES, TIMELINE_EVENTS, UNPROTECTED_REASONS]
  const keys = [...plain, DIRECT_PATHS, CRASH_PROTECTIONS, BACKGROUND_PATHS]
    .flatMap((record) => Object.values(record) as (string | { word: string | null; help?: string })[])
    .flatMap((word) => (typeof word === 'string' ? word : [word.word, word.help ?? word.word]))
    .filter((key) => key !== null)
  expect(keys.length).toBeGreaterThan(40)
  expect(keys.filter((key) => !Object.hasOwn(messages, key))).toEqual([])
})

test('only a confirmed close is called so, and only that is good', () => {
  const good = Object.entries(words.OUTCOMES).filter(([, { tone }]) => tone === 'good')
  expect(good.map(([outcome]) => outcome)).toEqual(['confirmed'])
  expect(t(words.OUTCOMES.unconfirmed.word)).toBe('Not confirmed')
})

test.each<[Outcome, string]>([
  ['not_needed', 'Nothing to do'],
  ['failed', 'Nothing could be tried'],
  ['unconfirmed', 'No answer seen'],
])('a close that is %s without evidence is shown as: %s', (outcome, text) => {
  expect(t(evidenceWord({ outcome, evidence: 'none' }))).toBe(text)
})
