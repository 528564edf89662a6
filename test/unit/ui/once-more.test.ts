import { onceMore } from '../../../src/ui/once-more'

test('runs once more for all calls made meanwhile, but never twice at a time', async () => {
  const ends: (() => void)[] = []
  const run = jest.fn(() => new Promise<void>((resolve) => ends.push(resolve)))
  const ask = onceMore(run)
  const all = Promise.all([ask(), ask(), ask()])
  expect(run).toHaveBeenCalledTimes(1)
  ends.shift()?.()
  await Promise.resolve()
  expect(run).toHaveBeenCalledTimes(2)
  ends.shift()?.()
  await all
  expect(run).toHaveBeenCalledTimes(2)
  void ask()
  expect(run).toHaveBeenCalledTimes(3)
})

test('a failure is reported, and the next call runs again', async () => {
  const run = jest.fn(() => Promise.resolve()).mockRejectedValueOnce(new Error('no'))
  const ask = onceMore(run)
  await expect(ask()).rejects.toThrow('no')
  await ask()
  expect(run).toHaveBeenCalledTimes(2)
})
