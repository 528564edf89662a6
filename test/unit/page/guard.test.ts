import { throwInHooks } from './hooks'
import { guard } from '../../../src/page/guard'

afterEach(() => throwInHooks(false))

test('a hook receives the arguments of its call', () => {
  const hook = jest.fn()
  guard(hook)(1, 'two')
  expect(hook).toHaveBeenCalledWith(1, 'two')
})

test('the caller does not notice that a hook throws', () => {
  const hook = guard(() => {
    throw new Error('ours')
  })
  expect(hook).not.toThrow()
})

test('in the throwing build no code of the extension runs, and nothing throws', () => {
  throwInHooks(true)
  const hook = jest.fn()
  expect(guard(hook)).not.toThrow()
  expect(hook).not.toHaveBeenCalled()
})
