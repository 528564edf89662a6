import { throwInHooks } from './hooks'
import { guard } from '../../../src/page/guard'

afterEach(() => throwInHooks(false))

test('a hook gets what it is called with', () => {
  const hook = jest.fn()
  guard(hook)(1, 'two')
  expect(hook).toHaveBeenCalledWith(1, 'two')
})

test('a hook that throws is not noticed by whoever calls it', () => {
  const hook = guard(() => {
    throw new Error('ours')
  })
  expect(hook).not.toThrow()
})

test('in the build that breaks us nothing of ours runs, and nothing throws', () => {
  throwInHooks(true)
  const hook = jest.fn()
  expect(guard(hook)).not.toThrow()
  expect(hook).not.toHaveBeenCalled()
})
