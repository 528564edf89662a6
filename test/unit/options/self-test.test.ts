/** @jest-environment jsdom */
import type { Finding, SelfTestResult, SelfTestStep } from '../../../src/domain/self-test-steps'
import { SELF_TEST_STEPS } from '../../../src/domain/self-test-steps'
import { selfTestSection } from '../../../src/options/health/self-test-section'
import type { Ask } from '../../../src/ui/ask'
import { byId } from '../../../src/ui/dom'
import { loadOptionsPage } from './page'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

const MINUTE = 60_000
const WELL: Finding = { code: 'works', verdict: 'ok', values: [] }
let findings: Partial<Record<SelfTestStep, readonly [Finding, ...Finding[]]>>
let asked: SelfTestStep[]
const ask = jest.fn<Promise<SelfTestResult>, [string, { step: SelfTestStep }]>()

const place = () => byId('self-test', HTMLElement)
const button = () => byId('self-test-run', HTMLButtonElement)
const said = () => place().querySelector('[role=status]')?.textContent
const row = (step: SelfTestStep) => place().querySelectorAll('.steps > li')[SELF_TEST_STEPS.indexOf(step)]
const pillOf = (step: SelfTestStep) => row(step)?.querySelector('.pill')?.textContent
const linesOf = (step: SelfTestStep) => [...(row(step)?.querySelectorAll('li') ?? [])].map((line) => line.textContent)
const settle = async () => {
  for (let turns = 0; turns < 100; turns += 1) await Promise.resolve()
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask'] })
  findings = {}
  asked = []
  ask.mockImplementation((_type, { step }) => {
    asked.push(step)
    return Promise.resolve({ step, findings: findings[step] ?? [WELL] })
  })
  loadOptionsPage()
  selfTestSection(place(), ask as unknown as Ask)
})
afterEach(() => {
  jest.useRealTimers()
  ask.mockReset()
})

async function run(): Promise<void> {
  button().click()
  await settle()
}

test('nothing is asked before somebody starts it', () => {
  expect(asked).toEqual([])
  expect(place().querySelector<HTMLElement>('.steps')?.hidden).toBe(true)
})

test('every step runs in order, with a title and a verdict, and the end is announced', async () => {
  await run()
  expect(asked).toEqual(SELF_TEST_STEPS)
  for (const step of SELF_TEST_STEPS) {
    expect(row(step)?.querySelector('h4')?.textContent).toMatch(/\w/)
    expect(pillOf(step)).toBe('Works')
  }
  expect(said()).toBe('The self-test found nothing wrong.')
  expect(button().textContent).toBe('Run it again')
})

test('a step has the verdict of its worst finding, and describes each of them', async () => {
  findings = {
    hosts: [
      { code: 'host_granted', verdict: 'ok', values: ['https://a/*'] },
      { code: 'host_missing', verdict: 'bad', values: ['https://b/*'] },
    ],
    direct: [
      {
        code: 'direct_failed',
        verdict: 'warn',
        values: ['Dana'],
        tried: { roundTripMs: 84, at: Date.now() - 2 * MINUTE },
      },
    ],
    notifications: [{ code: 'notices_untold', verdict: 'unknown', values: [] }],
  }
  await run()
  expect(pillOf('hosts')).toBe('Wrong')
  expect(linesOf('hosts')).toEqual(['Access is given: https://a/*', 'Access is missing: https://b/*'])
  expect(pillOf('direct')).toBe('Limited')
  expect(linesOf('direct')).toEqual(['Dana: the last try brought no usable answer. (84\u00a0ms, 2 minutes ago)'])
  expect(pillOf('notifications')).toBe('Cannot tell')
  expect(said()).toBe('2 checks found a problem.')
})

test('a step that could not run counts as wrong, and the others continue', async () => {
  ask.mockImplementation((_type, { step }) =>
    step === 'log' ? Promise.reject(new Error('It is gone.')) : Promise.resolve({ step, findings: [WELL] }),
  )
  await run()
  expect(linesOf('log')).toEqual(['It failed: It is gone.'])
  expect(pillOf('alarms')).toBe('Works')
  expect(said()).toBe('1 check found a problem.')
})

test('a background that never answers is reported, and nothing else is asked', async () => {
  ask.mockImplementation(() => new Promise<never>(() => undefined))
  button().click()
  await jest.advanceTimersByTimeAsync(10_000)
  expect(pillOf('background')).toBe('Wrong')
  expect(pillOf('settings')).toBe('Not checked')
  expect(pillOf('problems')).toBe('Not checked')
  expect(ask).toHaveBeenCalledTimes(1)
})

test('while it runs, its button keeps the focus, and does not start another run', async () => {
  button().focus()
  button().click()
  button().click()
  expect(document.activeElement).toBe(button())
  expect(button().getAttribute('aria-disabled')).toBe('true')
  expect(said()).toBe('The self-test is running.')
  await settle()
  expect(asked).toEqual(SELF_TEST_STEPS)
  expect(button().hasAttribute('aria-disabled')).toBe(false)
  await run()
  expect(asked).toHaveLength(2 * SELF_TEST_STEPS.length)
})
