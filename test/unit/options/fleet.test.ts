/** @jest-environment jsdom */
import { fleetSection } from '../../../src/options/health/fleet-section'
import type { FleetStatus, TestResult } from '../../../src/domain/fleet/sending-status'
import { EMPTY_LEDGER } from '../../../src/domain/fleet/sending-status'
import { byId } from '../../../src/ui/dom'
import { loadOptionsPage } from './page'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

const URL_OF = 'https://collector.example.com/v1/logs'
const AT = Date.UTC(2026, 10, 27, 9)
let status: FleetStatus
let result: TestResult
const ask = jest.fn()
const request = jest.fn()
let section: ReturnType<typeof fleetSection>

beforeEach(() => {
  status = {
    endpoint: URL_OF,
    access: { pattern: 'https://collector.example.com/*', isGranted: true },
    withheld: [],
    waiting: 3,
    ledger: EMPTY_LEDGER,
  }
  ask.mockImplementation((type: string) => Promise.resolve(type === 'fleet_test' ? result : status))
  request.mockResolvedValue(true)
  loadOptionsPage()
  section = fleetSection(
    { card: byId('fleet', HTMLElement), notices: byId('fleet-notices', HTMLElement) },
    ask,
    request as () => Promise<boolean>,
  )
})
afterEach(() => {
  ask.mockReset()
  request.mockReset()
})

const card = (): HTMLElement => byId('fleet', HTMLElement)
const notices = (): string => byId('fleet-notices', HTMLElement).textContent
const button = (id: string): HTMLButtonElement => byId(id, HTMLButtonElement)
const said = (): string => card().querySelector('[role=status]')?.textContent ?? ''
const settled = (): Promise<void> => new Promise((done) => setTimeout(done))

test('is hidden if nothing is reported', async () => {
  status = { ...status, endpoint: null, access: null }
  await section.refresh()
  expect(card().hidden).toBe(true)
  expect(notices()).toBe('')
})

test('shows where records go, and how that works', async () => {
  status = { ...status, ledger: { ...EMPTY_LEDGER, taken: 1_200, takenAt: AT, dropped: 2, rejected: 1 } }
  await section.refresh()
  expect(card().hidden).toBe(false)
  for (const words of [URL_OF, 'Works', '1,200', '2 dropped here, 1 rejected'])
    expect(card().textContent).toContain(words)
  expect(button('fleet-allow').hidden).toBe(true)
  expect(notices()).toBe('')
})

test('warns above the settings that nothing arrives: at once after a refusal, otherwise after some attempts', async () => {
  const problem = (kind: 'refused' | 'no_answer', failures: number) => ({
    ...EMPTY_LEDGER,
    sending: { ...EMPTY_LEDGER.sending, failures },
    problem: { problem: kind, status: kind === 'refused' ? 401 : null, message: null, at: AT },
  })
  status = { ...status, ledger: problem('refused', 1) }
  await section.refresh()
  expect(notices()).toMatch(/do not reach.*Refused by the collector \(HTTP 401\)/s)
  status = { ...status, ledger: problem('no_answer', 2) }
  await section.refresh()
  expect(notices()).toBe('')
  expect(card().textContent).toContain('No answer')
  status = { ...status, ledger: problem('no_answer', 3) }
  await section.refresh()
  expect(notices()).toMatch(/No answer/)
})

test('a test record shows its result', async () => {
  await section.refresh()
  result = { ok: true, status: 200, tookMs: 84 }
  button('fleet-test').click()
  expect(said()).toBe('Sending…')
  await settled()
  expect(said()).toBe('The collector took the test record (HTTP 200) in 84\u00a0ms.')
  result = { ok: false, problem: { problem: 'no_answer', status: null, message: 'Failed to fetch', at: AT } }
  button('fleet-test').click()
  await settled()
  expect(said()).toBe('The test record did not get through. No answer: Failed to fetch')
})

test('an error of a refresh goes with the next one; the result of a test stays', async () => {
  ask.mockRejectedValueOnce(new Error('Signoff did not answer'))
  await section.refresh()
  expect(said()).toBe('Signoff did not answer')
  await section.refresh()
  expect(said()).toBe('')
  result = { ok: true, status: 200, tookMs: 84 }
  button('fleet-test').click()
  await settled()
  await section.refresh()
  expect(said()).toContain('HTTP 200')
})

test('the browser is asked for that host only, and the focus stays on a button', async () => {
  status = { ...status, access: { pattern: 'https://collector.example.com/*', isGranted: false } }
  await section.refresh()
  expect(card().textContent).toContain('CORS')
  button('fleet-allow').focus()
  status = { ...status, access: { pattern: 'https://collector.example.com/*', isGranted: true } }
  button('fleet-allow').click()
  await settled()
  expect(request.mock.calls).toEqual([['https://collector.example.com/*', []]])
  expect(button('fleet-allow').hidden).toBe(true)
  expect(document.activeElement).toBe(button('fleet-test'))
})

test('missing consent is shown, also above the settings, and requested by the same button', async () => {
  status = { ...status, withheld: ['technicalAndInteraction'] }
  await section.refresh()
  expect(card().textContent).toMatch(/Consent.*Needed/s)
  expect(notices()).toMatch(/not sent yet.*Allow access/s)
  expect(button('fleet-test').hidden).toBe(true)
  button('fleet-allow').focus()
  status = { ...status, withheld: [] }
  button('fleet-allow').click()
  await settled()
  expect(request.mock.calls).toEqual([['https://collector.example.com/*', ['technicalAndInteraction']]])
  expect(notices()).toBe('')
  expect(document.activeElement).toBe(button('fleet-test'))
})
