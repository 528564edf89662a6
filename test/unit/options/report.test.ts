/** @jest-environment jsdom */
import type { LogEntry } from '../../../src/domain/log-entry'
import { formatHours } from '../../../src/options/report/hours'
import type { ReportSection } from '../../../src/options/report/section'
import { reportSection } from '../../../src/options/report/section'
import { byId } from '../../../src/ui/dom'
import { NOW, sampleEntry } from '../ui/samples'
import { loadOptionsPage } from './page'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

const HOUR = 3_600_000
const DAY = 24 * HOUR
let entries: LogEntry[]
let section: ReportSection
const read = jest.fn<Promise<readonly LogEntry[]>, []>()
const view = () => byId('report-view', HTMLElement)
const settle = () => new Promise((resolve) => setTimeout(resolve, 0))
const rows = (id: string) =>
  [...view().querySelectorAll(`[aria-labelledby="${id}"] tbody tr`)].map((row) =>
    [...row.children].map(({ textContent }) => textContent),
  )

beforeEach(() => {
  entries = []
  read.mockImplementation(() => Promise.resolve(entries))
  loadOptionsPage()
  section = reportSection(view(), read)
})
afterEach(() => read.mockReset())

async function show(...log: LogEntry[]): Promise<void> {
  entries = log
  section.show(true)
  await settle()
}
/** An observed close so many days ago, that left its agent Available for so long. */
function observed(daysAgo: number, leftMs: number, over: Partial<LogEntry> = {}): LogEntry {
  const at = NOW - daysAgo * DAY
  const exposure = leftMs === 0 ? null : ({ from: at, until: at + leftMs, certainty: 'exact' } as const)
  const id = `close-${daysAgo}-${leftMs}-${over.cause ?? ''}`
  return sampleEntry({ id, at, outcome: 'not_needed', reason: 'mode_observe', would: 'set_offline', exposure, ...over })
}

test('says in a sentence what the pilot came to', async () => {
  await show(observed(2, 0), observed(1, 40 * HOUR), observed(0, 7 * HOUR, { would: 'no_offline_state' }))
  expect(view().querySelector('.lead')?.textContent).toBe(
    '3 closes, 2 left Available, 47 hours; “Set the agent Offline” would have ended 1.',
  )
})

test('says where hours are a bound, and where nobody knows', async () => {
  const from = NOW - DAY
  await show(
    observed(1, 0, { exposure: { from, until: from + HOUR, certainty: 'at_most' } }),
    observed(1, 0, { cause: 'crashed', exposure: { from, until: null, certainty: 'open' } }),
  )
  expect(view().querySelector('.lead')?.textContent).toContain('2 left Available, at most 1 hour;')
  expect(view().querySelector('.notes')?.textContent).toContain('Of 1 close nobody knows until when')
  expect(rows('report-causes').map((cells) => cells[3])).toEqual(['end not known', 'at most 1 hour'])
})

test('has a table by cause and one by day, the newest first, without days on which nothing was closed', async () => {
  await show(
    observed(3, 2 * HOUR, { cause: 'browser_ended' }),
    observed(3, HOUR, { cause: 'tab_closed' }),
    observed(0, 0, { cause: 'tab_closed' }),
  )
  expect(rows('report-causes')).toEqual([
    ['Tab closed', '2', '1', '1 hour', '1'],
    ['Browser ended', '1', '1', '2 hours', '1'],
  ])
  expect(rows('report-days').map((cells) => cells.slice(1))).toEqual([
    ['1', '0', '–', '0'],
    ['2', '2', '3 hours', '2'],
  ])
  for (const header of view().querySelectorAll('th')) expect(header.getAttribute('scope')).toMatch(/^(row|col)$/)
})

test('has a picture with a name and a description, a bar a day, and a legend', async () => {
  await show(observed(9, 0), observed(1, HOUR), observed(1, 2 * HOUR, { would: 'no_offline_state' }), observed(0, 0))
  const picture = view().querySelector('svg')
  expect(picture?.getAttribute('role')).toBe('img')
  const named = (attribute: string) => document.getElementById(picture?.getAttribute(attribute) ?? '')?.textContent
  expect(named('aria-labelledby')).toBe('Closes by day')
  expect(named('aria-describedby')).toMatch(/^4 closes, 2 left Available.* Most were left on .*2026: 2\.$/)
  expect(picture?.querySelectorAll('g')).toHaveLength(10)
  const heights = (kind: string) =>
    [...(picture?.querySelectorAll(`rect.${kind}`) ?? [])].map((bar) => Number(bar.getAttribute('height')))
  // The day with two closes is as high as the picture: half for each.
  expect(heights('ended')).toEqual([80])
  expect(heights('unended')).toEqual([80])
  expect(heights('fine')).toEqual([80, 80])
  expect(view().querySelectorAll('.legend li')).toHaveLength(3)
})

test('a pilot of many days has no more bars than fit', async () => {
  await show(...Array.from({ length: 200 }, (_, day) => observed(day, 0)))
  const bars = view().querySelectorAll('svg g').length
  expect(bars).toBeGreaterThan(20)
  expect(bars).toBeLessThanOrEqual(45)
})

test('without an observed close it says how to get one', async () => {
  await show(sampleEntry())
  expect(view().textContent).toContain('Nothing was observed yet')
  expect(view().querySelector('a')?.getAttribute('href')).toBe('#settings')
})

test('reads nothing while another section is shown, and moves nothing that says the same', async () => {
  await section.refresh()
  expect(read).not.toHaveBeenCalled()
  await show(observed(0, HOUR))
  const picture = view().querySelector('svg')
  await section.refresh()
  expect(read).toHaveBeenCalledTimes(2)
  expect(view().querySelector('svg')).toBe(picture)
  entries = [observed(0, 2 * HOUR)]
  await section.refresh()
  expect(view().textContent).toContain('2 hours')
})

test('a log that cannot be read is told of, and can be asked again', async () => {
  read.mockRejectedValueOnce(new Error('It is gone.'))
  await show(observed(0, HOUR))
  expect(view().querySelector('[role=alert]')?.textContent).toContain('The log cannot be read: It is gone.')
  view().querySelector<HTMLButtonElement>('[role=alert] button')?.click()
  await settle()
  expect(view().querySelector('.lead')).not.toBeNull()
})

test.each([
  [0, '0 hours'],
  [20_000, '1 minute'],
  [12 * 60_000, '12 minutes'],
  [1.5 * HOUR, '1.5 hours'],
  [47.2 * HOUR, '47 hours'],
  [1_900 * HOUR, '1,900 hours'],
])('%d ms are %s', (ms, text) => {
  expect(formatHours(ms)).toBe(text)
})
