/** @jest-environment jsdom */
import type { LogEntry } from '../../../src/domain/log-entry'
import { formatHours } from '../../../src/options/report/hours'
import type { ReportSection } from '../../../src/options/report/report-section'
import { reportSection } from '../../../src/options/report/report-section'
import type { LogStore } from '../../../src/storage/log-store'
import { byId } from '../../../src/ui/dom'
import { NOW, sampleEntry } from '../ui/samples'
import { storeOf } from './log-store'
import { loadOptionsPage } from './page'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

const HOUR = 3_600_000
const DAY = 24 * HOUR
let entries: LogEntry[]
let section: ReportSection
const saved: [string, Blob][] = []
const read = jest.fn<Promise<LogStore>, []>()
const view = () => byId('report-view', HTMLElement)
const settle = () => new Promise((resolve) => setTimeout(resolve, 0))
const rows = (id: string) =>
  [...view().querySelectorAll(`[aria-labelledby="${id}"] tbody tr`)].map((row) =>
    [...row.children].map(({ textContent }) => textContent),
  )

beforeEach(() => {
  entries = []
  read.mockImplementation(() => Promise.resolve(storeOf(() => [...entries].sort((a, b) => b.at - a.at))))
  loadOptionsPage()
  section = reportSection(
    view(),
    read,
    (name, content) => saved.push([name, content]),
    () => NOW,
  )
})
afterEach(() => read.mockReset())

/** jsdom's Blob has no `text`. */
function textOf(content: Blob | undefined): Promise<string> {
  return new Promise((resolve) => {
    const reader = new FileReader()
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '')
    reader.readAsText(content ?? new Blob())
  })
}

async function show(...log: LogEntry[]): Promise<void> {
  entries = log
  section.show(true)
  await settle()
}
/** A close observed this many days ago, that left its agent Available for this long. */
function observed(daysAgo: number, leftMs: number, over: Partial<LogEntry> = {}): LogEntry {
  const at = NOW - daysAgo * DAY
  const exposure = leftMs === 0 ? null : ({ from: at, until: at + leftMs, certainty: 'exact' } as const)
  const id = `close-${daysAgo}-${leftMs}-${over.cause ?? ''}`
  return sampleEntry({ id, at, outcome: 'not_needed', reason: 'mode_observe', would: 'set_offline', exposure, ...over })
}

test('sums up the pilot in a sentence', async () => {
  await show(observed(2, 0), observed(1, 40 * HOUR), observed(0, 7 * HOUR, { would: 'no_offline_state' }))
  expect(view().querySelector('.lead')?.textContent).toBe(
    '3 closes, 2 left Available. Reachable with nobody there, in all: 47 hours. With Signoff acting, 1 would have been set Offline within seconds.',
  )
})

test('says where hours are an upper bound, and where they are unknown', async () => {
  const from = NOW - DAY
  await show(
    observed(1, 0, { exposure: { from, until: from + HOUR, certainty: 'at_most' } }),
    observed(1, 0, { cause: 'crashed', exposure: { from, until: null, certainty: 'open' } }),
  )
  expect(view().querySelector('.lead')?.textContent).toContain(
    '2 left Available. Reachable with nobody there, in all: at most 1 hour.',
  )
  expect(view().querySelector('.notes')?.textContent).toContain('The end of 1 close is not known')
  expect(rows('report-causes').map((cells) => cells[3])).toEqual(['end not known', 'at most 1 hour'])
})

test('in act mode: the month in a sentence, tables, and CSV', async () => {
  const exposure = { from: NOW, until: NOW + 12 * 60_000, certainty: 'at_most' } as const
  const missed = { outcome: 'unconfirmed', evidence: 'none', tookMs: null, exposure } as const
  await show(
    sampleEntry({ id: 'a', at: NOW, tookMs: 2_100, routingProfile: 'Sales' }),
    sampleEntry({ id: 'b', at: NOW, tookMs: 2_100 }),
    sampleEntry({ id: 'c', at: NOW, ...missed, agentName: '=HYPERLINK("x")' }),
    sampleEntry({ id: 'd', at: NOW - 60 * DAY, outcome: 'confirmed' }),
  )
  const lead = () => view().querySelector('.lead')?.textContent
  expect(lead()).toBe(
    'This month: 3 closes, 2 set Offline, 1 left Available for at most 12 minutes in all; 2.1\u00a0s at the median.',
  )
  expect(rows('result-profile')).toEqual([
    ['Unknown', '2', '1', '1', 'at most 12 minutes', '2.1\u00a0s'],
    ['Sales', '1', '1', '0', '–', '2.1\u00a0s'],
  ])
  // No entry has a label.
  expect(document.getElementById('result-label')).toBeNull()
  expect(view().querySelector('svg')).toBeNull()
  view().querySelector<HTMLButtonElement>('[data-focus=csv]')?.click()
  const [name, content] = saved.at(-1) ?? []
  expect(name).toBe('signoff-result-2026-11.csv')
  expect((await textOf(content)).split('\r\n').slice(0, 2)).toEqual([
    'month,by,name,closes,setOffline,left,leftAtMostMs,leftOpen,medianMs',
    '2026-11,all,,3,2,1,720000,0,2100',
  ])
  expect(await textOf(content)).toContain(`"'=HYPERLINK(""x"")"`)
  const month = view().querySelector('select')
  if (month) month.value = '2026-09'
  month?.dispatchEvent(new Event('change'))
  await settle()
  expect(lead()).toMatch(/^September 2026: 1 close, 1 set Offline, nobody left Available/)
})

test('labelled computers have a result by label', async () => {
  await show(sampleEntry({ id: 'a', at: NOW, label: 'site=Lisboa' }), sampleEntry({ id: 'b', at: NOW }))
  expect(rows('result-label').map(([name, closes]) => [name, closes])).toEqual([
    ['Unknown', '1'],
    ['site=Lisboa', '1'],
  ])
  view().querySelector<HTMLButtonElement>('[data-focus=csv]')?.click()
  expect(await textOf(saved.at(-1)?.[1])).toContain('label,site=Lisboa,1,')
})

test('each figure repeats its head, for windows too narrow for a table', async () => {
  await show(observed(2, HOUR), sampleEntry({ id: 'acted', at: NOW }))
  for (const table of view().querySelectorAll('table')) {
    const heads = [...table.querySelectorAll('thead th')].slice(1).map(({ textContent }) => textContent)
    const labels = [...table.querySelectorAll<HTMLElement>('tbody tr')].map((row) =>
      [...row.querySelectorAll('td')].map(({ dataset }) => dataset['label']),
    )
    expect(heads.length).toBeGreaterThan(3)
    expect(labels.length).toBeGreaterThan(0)
    for (const row of labels) expect(row).toEqual(heads)
  }
})

test('after a trial both are shown, the month first', async () => {
  await show(observed(2, HOUR), sampleEntry({ id: 'acted', at: NOW }))
  expect([...view().querySelectorAll('.lead')].map(({ textContent }) => textContent.split(':')[0])).toHaveLength(2)
  expect(view().querySelector('h3.pilot')?.textContent).toBe('Trial')
})

test('has tables by cause and by day, newest first, without days that had no closes', async () => {
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

test('has a chart with a name and a description, a bar per day, and a legend', async () => {
  await show(observed(9, 0), observed(1, HOUR), observed(1, 2 * HOUR, { would: 'no_offline_state' }), observed(0, 0))
  const picture = view().querySelector('svg')
  expect(picture?.getAttribute('role')).toBe('img')
  const named = (attribute: string) => document.getElementById(picture?.getAttribute(attribute) ?? '')?.textContent
  expect(named('aria-labelledby')).toBe('Closes by day')
  expect(named('aria-describedby')).toMatch(/^4 closes, 2 left Available.* Most were left on .*2026: 2\.$/)
  expect(picture?.querySelectorAll('g')).toHaveLength(10)
  const heights = (kind: string) =>
    [...(picture?.querySelectorAll(`rect.${kind}`) ?? [])].map((bar) => Number(bar.getAttribute('height')))
  // The day with two closes fills the chart's height: half for each.
  expect(heights('ended')).toEqual([80])
  expect(heights('unended')).toEqual([80])
  expect(heights('fine')).toEqual([80, 80])
  expect(view().querySelectorAll('.legend li')).toHaveLength(3)
})

test('a pilot of many days has only as many bars as fit', async () => {
  await show(...Array.from({ length: 200 }, (_, day) => observed(day, 0)))
  const bars = view().querySelectorAll('svg g').length
  expect(bars).toBeGreaterThan(20)
  expect(bars).toBeLessThanOrEqual(45)
})

test('without any close it says how to get one', async () => {
  await show()
  expect(view().textContent).toContain('No results yet')
  expect(view().querySelector('a')?.getAttribute('href')).toBe('#settings')
})

test('reads nothing while another section is shown, and does not redraw unchanged content', async () => {
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

test('a log that cannot be read is reported, and can be read again', async () => {
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
