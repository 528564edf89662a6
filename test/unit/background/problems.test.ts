import { Problems } from '../../../src/background/problems'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('./browser'))

const failing = (message: string): Promise<never> => Promise.reject(new Error(message))

let problems: Problems
beforeEach(() => (problems = new Problems()))

test('a failure is reported with its error, once, in its latest form', async () => {
  await problems.watch('problem_policyNotTaken', failing('no'))
  await problems.watch('problem_policyNotTaken', failing('still not'))
  expect(problems.list()).toEqual(['problem_policyNotTaken: still not'])
})

test('a success removes its own problem, and no other', async () => {
  problems.report('problem_mailDamaged', '3')
  problems.report('problem_stateUnsaved')
  await problems.watch('problem_logUnpruned', failing('no'))
  await problems.watch('problem_settingsUntold', failing('no'))
  await problems.watch('problem_logUnpruned', Promise.resolve())
  expect(problems.list()).toEqual(['problem_mailDamaged: 3', 'problem_stateUnsaved', 'problem_settingsUntold: no'])
})
