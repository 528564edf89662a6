/** @jest-environment jsdom */
/** Each report is written to disk: what only varies is none. */
import type { PageCapabilities } from '../../../src/domain/capabilities'
import type * as Module from '../../../src/page/capability-report'

const HOUR = 3_600_000
const WORKS: PageCapabilities = { direct: { status: 'works', roundTripMs: 60, at: 1_000 }, deadMansSwitch: 'armed' }
const measured = (roundTripMs: number): PageCapabilities => {
  return { ...WORKS, direct: { status: 'works', roundTripMs, at: Date.now() } }
}

let sent: PageCapabilities[]
let isThere: boolean
let report: Module.CapabilityReport
beforeEach(async () => {
  jest.useFakeTimers()
  jest.resetModules()
  Object.assign(window, { fetch: jest.fn() })
  const { CapabilityReport } = await import('../../../src/page/capability-report')
  sent = []
  isThere = true
  report = new CapabilityReport((capabilities) => {
    if (isThere) sent.push(capabilities)
    return isThere
  })
  report.tell(WORKS)
})
afterEach(() => jest.useRealTimers())

test('another measurement alone is not reported', () => {
  for (const roundTripMs of [55, 61, 300]) {
    jest.advanceTimersByTime(10_000)
    report.tell(measured(roundTripMs))
  }
  expect(sent).toEqual([WORKS])
})

test.each<[string, PageCapabilities]>([
  ['a path that has failed', { ...WORKS, direct: { status: 'failed', roundTripMs: null, at: 2_000 } }],
  ['a protection that has ended', { ...WORKS, deadMansSwitch: 'refused' }],
  ['a Streams that is hidden', { ...WORKS, hiddenStreams: { requestsPerHour: 120 } }],
])('%s is reported at once', (_what, capabilities) => {
  report.tell(capabilities)
  expect(sent).toEqual([WORKS, capabilities])
})

test('the last measurement is reported once an hour', () => {
  jest.advanceTimersByTime(HOUR)
  const later = measured(61)
  report.tell(later)
  report.tell(measured(62))
  expect(sent).toEqual([WORKS, later])
})

test('what nobody has received is reported again', () => {
  const refused: PageCapabilities = { ...WORKS, deadMansSwitch: 'refused' }
  isThere = false
  report.tell(refused)
  isThere = true
  report.tell(refused)
  expect(sent).toHaveLength(2)
  report.forget()
  report.tell(refused)
  expect(sent).toHaveLength(3)
})
