import { FollowUp } from '../../../src/background/follow-up'
import { Problems } from '../../../src/background/problems'
import { T0 } from '../domain/build'
import { renewBrowser } from './browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('./browser'))

type Next = number | null | 'off'
let problems: Problems
let looks: { answer: (next: Next) => Promise<void>; fail: () => Promise<void> }[]
let work: FollowUp

const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 30; turns += 1) await Promise.resolve()
}
const last = () => looks.at(-1) as (typeof looks)[number]

beforeEach(() => {
  jest.useFakeTimers({ now: T0, doNotFake: ['queueMicrotask'] })
  renewBrowser()
  problems = new Problems()
  looks = []
  const look = () =>
    new Promise<Next>((resolve, reject) => {
      looks.push({
        answer: (next) => {
          resolve(next)
          return settle()
        },
        fail: () => {
          reject(new Error('broken'))
          return settle()
        },
      })
    })
  const started = () => Promise.resolve()
  work = new FollowUp({ name: 'work', problem: 'problem_fleet', problems, started, look, againMs: 60_000 })
})
afterEach(() => {
  jest.clearAllTimers()
  jest.useRealTimers()
})

test('changes before a look cause one look; changes during it cause one more afterwards', async () => {
  work.follow()
  work.follow()
  await settle()
  expect(looks).toHaveLength(1)
  work.follow()
  work.follow()
  await settle()
  expect(looks).toHaveLength(1)
  await last().answer(null)
  expect(looks).toHaveLength(2)
  await last().answer(null)
  expect(looks).toHaveLength(2)
})

test('looks again at the requested time', async () => {
  work.follow()
  await settle()
  await last().answer(T0 + 5_000)
  await jest.advanceTimersByTimeAsync(4_999)
  expect(looks).toHaveLength(1)
  await jest.advanceTimersByTimeAsync(1)
  expect(looks).toHaveLength(2)
})

test('once off, only a change of settings causes another look', async () => {
  work.follow()
  await settle()
  await last().answer('off')
  work.follow()
  await settle()
  expect(looks).toHaveLength(1)
  work.followSettings()
  await settle()
  expect(looks).toHaveLength(2)
})

test('a failure is reported until it succeeds, and retried later', async () => {
  work.follow()
  await settle()
  await last().fail()
  expect(problems.list()).toEqual([expect.stringContaining('broken')])
  await jest.advanceTimersByTimeAsync(60_000)
  expect(looks).toHaveLength(2)
  await last().answer(null)
  expect(problems.list()).toEqual([])
})

test('a task runs between two looks, even after one that fails', async () => {
  work.follow()
  await settle()
  const task = jest.fn(() => Promise.resolve('done'))
  const done = work.inTurn(task)
  await settle()
  expect(task).not.toHaveBeenCalled()
  await last().fail()
  expect(await done).toBe('done')
  await expect(work.inTurn(() => Promise.reject(new Error('own')))).rejects.toThrow('own')
  work.follow()
  await settle()
  expect(looks).toHaveLength(2)
})
