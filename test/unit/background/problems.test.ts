import { Problems } from '../../../src/background/problems'

const failing = (message: string): Promise<never> => Promise.reject(new Error(message))

let problems: Problems
beforeEach(() => (problems = new Problems()))

test('what fails is told with what was thrown, once, in its latest form', async () => {
  await problems.watch('The policy could not be read', failing('no'))
  await problems.watch('The policy could not be read', failing('still not'))
  expect(problems.list()).toEqual(['The policy could not be read: still not'])
})

test('what succeeds again is no problem any more, and takes no other along', async () => {
  problems.report('A damaged message was dropped.')
  await problems.watch('The log could not be pruned', failing('no'))
  await problems.watch('The settings could not be told', failing('no'))
  await problems.watch('The log could not be pruned', Promise.resolve())
  expect(problems.list()).toEqual(['A damaged message was dropped.', 'The settings could not be told: no'])
})
