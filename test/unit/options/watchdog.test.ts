/** @jest-environment jsdom */
import type { WatchdogStatus } from '../../../src/domain/heartbeat/heartbeat-status'
import { watchdogSection } from '../../../src/options/health/watchdog-section'
import { byId } from '../../../src/ui/dom'
import { loadOptionsPage } from './page'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

const ENDPOINT = 'https://abc.lambda-url.eu-central-1.on.aws/'
const AT = Date.UTC(2026, 10, 27, 9)
let status: WatchdogStatus
const ask = jest.fn()
const request = jest.fn()
let section: ReturnType<typeof watchdogSection>

beforeEach(() => {
  status = {
    endpoint: ENDPOINT,
    access: { pattern: 'https://abc.lambda-url.eu-central-1.on.aws/*', isGranted: true },
    withheld: [],
    refusal: null,
    takenAt: null,
    problem: null,
    act: null,
  }
  ask.mockImplementation(() => Promise.resolve(status))
  request.mockResolvedValue(true)
  loadOptionsPage()
  section = watchdogSection(byId('watchdog', HTMLElement), ask, request as () => Promise<boolean>)
})
afterEach(() => {
  ask.mockReset()
  request.mockReset()
})

const card = (): HTMLElement => byId('watchdog', HTMLElement)

test('is hidden without a watchdog', async () => {
  status = { ...status, endpoint: null, access: null }
  await section.refresh()
  expect(card().hidden).toBe(true)
})

test('shows where heartbeats go, when the last one was accepted, and what the watchdog did', async () => {
  const act = { id: 'a', username: 'alice', at: AT, since: AT - 95_000, reason: 'silent', isConfirmed: true } as const
  status = { ...status, takenAt: AT, act }
  await section.refresh()
  expect(card().hidden).toBe(false)
  for (const words of [ENDPOINT, 'Works', 'Last heartbeat', 'alice was set Offline'])
    expect(card().textContent).toContain(words)
})

test.each([
  ['no_secret', 'watchdogSecret'],
  ['no_identity', 'agentIdentity'],
  ['no_hash_key', 'agentHashKey'],
] as const)('says why no heartbeat is sent: %s', async (refusal, words) => {
  status = { ...status, refusal }
  await section.refresh()
  expect(card().textContent).toContain(words)
  expect(card().textContent).not.toContain('Works')
})

test('shows the watchdog’s answer, and that nothing was sent yet', async () => {
  await section.refresh()
  expect(card().textContent).toContain('Nothing sent yet')
  status = { ...status, takenAt: AT, problem: { problem: 'secret', status: 401, at: AT } }
  await section.refresh()
  expect(card().textContent).toContain('does not know the secret (HTTP 401)')
})

test('requests access to the host and consent within the click', async () => {
  status = {
    ...status,
    access: { pattern: 'https://abc/*', isGranted: false },
    withheld: ['personallyIdentifyingInfo'],
  }
  await section.refresh()
  expect(card().textContent).toContain('Needed')
  const button = byId('watchdog-allow', HTMLButtonElement)
  expect(button.hidden).toBe(false)
  button.click()
  expect(request).toHaveBeenCalledWith('https://abc/*', ['personallyIdentifyingInfo'])
})
