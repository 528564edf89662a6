import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Case } from '../../../scripts/decisions/cases'
import { DIMENSIONS, PLAIN } from '../../../scripts/decisions/cases'
import { decisionsDocument } from '../../../scripts/decisions/document'
import { fold } from '../../../scripts/decisions/fold'
import { decideClose } from '../../../src/domain/decide-close'

/** Every case, as the numbers of its values and as the code takes it. */
function* cases(from = 0, at: readonly number[] = [], one = PLAIN): Generator<[readonly number[], Case]> {
  const dimension = DIMENSIONS[from]
  if (dimension === undefined) yield [at, one]
  for (const [nth, { apply }] of dimension?.values.entries() ?? []) yield* cases(from + 1, [...at, nth], apply(one))
}

test('the first matching row gives the code’s decision for every case; the plain case sets the state', () => {
  const actionOf = ({ agent, rules, moment }: Case): string => decideClose(agent, rules, moment).action
  const rules = fold(DIMENSIONS, PLAIN, actionOf)
  const said = (at: readonly number[]): string | undefined =>
    rules.find(({ values }) =>
      values.every((words, column) => {
        const own = DIMENSIONS[column]?.values[at[column] ?? -1]?.words ?? ''
        return words === null || words.includes(own)
      }),
    )?.outcome
  const wrong = [...cases()].filter(([at, one]) => said(at) !== actionOf(one))
  expect(wrong).toEqual([])
  expect(said(DIMENSIONS.map(() => 0))).toBe('set_offline')
  expect(actionOf(PLAIN)).toBe('set_offline')
  expect(PLAIN.agent.contacts).toEqual([])
  // The first value of each dimension is the plain one, and its words must describe that.
  expect(DIMENSIONS.reduce((one, { values }) => values[0]?.apply(one) ?? one, PLAIN)).toEqual(PLAIN)
}, 60_000)

test('docs/decisions.md matches the code: `npm run docs` rewrites it', () => {
  expect(readFileSync(join(__dirname, '../../../docs/decisions.md'), 'utf8')).toBe(decisionsDocument())
}, 60_000)
