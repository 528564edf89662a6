/** @jest-environment jsdom */
import { POLICY_SPECS } from '../../../src/domain/policy'
import type { SourcedProblem } from '../../../src/domain/policy'
import { allowedWords, problemNotices, problemText } from '../../../src/ui/setting-problems'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./fake-browser'))

const problem = (key: string, value: unknown, source: SourcedProblem['source'] = 'user'): SourcedProblem => ({
  source,
  key,
  value,
  allowed: null,
})

test.each([
  [
    problem('surfaces', ['v3']),
    '“surfaces” is stored as ["v3"]. Allowed: a list of v1 | v2 | agent-workspace | framed. Until it is corrected, closing a CCP is only logged and changes nothing.',
  ],
  [
    problem('instances', 7, 'policy'),
    '“instances” is set to 7 by policy. Allowed: a list of texts. Until it is corrected, closing a CCP is only logged and changes nothing.',
  ],
  [problem('targetState', 7), '“targetState” is stored as 7. Allowed: a text. The default is in force.'],
  [
    problem('userSettings', 'no', 'policy'),
    '“userSettings” is set to "no" by policy. Allowed: lock | allow. The default is in force.',
  ],
  [problem('toString', 1), '“toString” is not a setting of this version, and is ignored.'],
])('%j becomes a sentence', (what, words) => {
  expect(problemText(what)).toBe(words)
})

test('the allowed values of every key have a text', () => {
  for (const spec of Object.values(POLICY_SPECS)) expect(allowedWords(spec)).not.toBe('')
})

test('policy problems come first, and nothing is shown without problems', () => {
  const shown = problemNotices([problem('mode', 1), problem('mode', 2, 'policy')])
  expect(shown.map(({ textContent }) => textContent.includes('by policy'))).toEqual([true, false])
  expect(problemNotices([])).toEqual([])
})
