/** @jest-environment jsdom */
import type { LogEntry } from '../../../src/domain/log-entry'
import { entryRows } from '../../../src/options/log/row'
import { logPlaces } from '../../../src/options/log/places'
import { ROWS_AT_A_TIME } from '../../../src/options/log/rows'
import type { LogSection } from '../../../src/options/log/section'
import { logSection } from '../../../src/options/log/section'
import type { LogStore } from '../../../src/storage/log-store'
import type { Ask } from '../../../src/ui/ask'
import { byId } from '../../../src/ui/dom'
import { NOW, sampleEntry } from '../ui/samples'
import { comesIntoSight, fakeIntersections } from './intersections'
import { storeOf } from './log-store'
import { loadOptionsPage } from './page'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

const HOUR = 3_600_000
let entries: LogEntry[]
let section: LogSection
let load: () => Promise<void>
const asked = jest.fn<Promise<unknown>, [string]>()
const openLog = jest.fn<Promise<LogStore>, []>()
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

const rows = () => [...document.querySelectorAll<HTMLElement>('#log-rows > tr:not(.more)')]
const count = () => byId('log-count', HTMLElement).textContent
const expanders = () => [...document.querySelectorAll<HTMLButtonElement>('.expander')]
function search(text: string): void {
  const field = byId('log-search', HTMLInputElement)
  field.value = text
  field.dispatchEvent(new Event('input'))
}

beforeEach(async () => {
  entries = [
    sampleEntry({ id: 'c1', at: NOW }),
    sampleEntry({
      id: 'c2',
      at: NOW - 1 * HOUR,
      outcome: 'unconfirmed',
      evidence: 'none',
      tookMs: null,
      username: 'li.wei',
      agentName: 'Li Wei',
    }),
    sampleEntry({
      id: 'c3',
      at: NOW - 2 * HOUR,
      timeline: [{ at: NOW - 2 * HOUR + 240, event: 'call_failed', detail: 'InvalidStateException' }],
      outcome: 'failed',
      error: { type: 'InvalidStateException', message: 'The state is not valid.' },
      stateBefore: { name: 'Bereit', type: 'routable', arn: null, startTimestamp: null },
    }),
    sampleEntry({
      id: 'c4',
      at: NOW - 50 * HOUR,
      cause: 'window_closed',
      outcome: 'not_needed',
      evidence: 'none',
      reason: 'not_routable',
      tookMs: 0,
    }),
  ]
  openLog.mockResolvedValue(storeOf(() => entries))
  asked.mockResolvedValue(null)
  // jsdom has the dialog element without what it does.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
  HTMLDialogElement.prototype.close = function () {
    this.open = false
  }
  loadOptionsPage()
  fakeIntersections()
  section = logSection(logPlaces(), asked as unknown as Ask, openLog)
  load = () => section.load()
  await load()
})
afterEach(() => {
  asked.mockReset()
  openLog.mockReset()
})

test('an entry a row, in the order of the log, with as many cells as the head has columns', () => {
  expect(rows()).toHaveLength(4)
  const columns = document.querySelectorAll('thead th').length
  for (const row of rows()) expect(row.children).toHaveLength(columns)
  expect(count()).toBe('4 entries')
})

test('a row tells who, where, from which state, how it ended, how that is known, why, and how long it took', () => {
  expect([...(rows()[0]?.children ?? [])].slice(2).map((cell) => cell.textContent)).toEqual([
    'Dana Reyes',
    'acme.my.connect.aws',
    'Availabletakes contacts',
    'Confirmed',
    'Connect answered the request',
    'Tab closed',
    '240ms',
  ])
  expect(rows()[1]?.textContent).toContain('No answer seen')
  expect(rows()[1]?.textContent).toContain('never known')
  expect(rows()[3]?.textContent).toContain('The state takes no contacts')
})

test('a row opens to its timeline and its error, and closes again', () => {
  const button = expanders()[2]
  expect(button?.getAttribute('aria-expanded')).toBe('false')
  button?.click()
  const details = document.getElementById(button?.getAttribute('aria-controls') ?? '')
  expect(button?.getAttribute('aria-expanded')).toBe('true')
  expect(details?.hidden).toBe(false)
  expect(details?.querySelector('time')?.textContent).toMatch(/^\d\d:00:00\.240$/)
  expect(details?.textContent).toContain('+240ms')
  expect(details?.textContent).toContain('InvalidStateException')
  expect(details?.textContent).toContain('The state is not valid.')
  button?.click()
  expect(details?.hidden).toBe(true)
  expect(button?.getAttribute('aria-expanded')).toBe('false')
})

describe('for how long an agent was Available with nobody there', () => {
  const from = NOW - 15 * 3_600_000
  const shown = async (exposure: LogEntry['exposure'] | undefined): Promise<{ row: string; details: string }> => {
    entries = [{ ...sampleEntry({ id: 'x1', at: from }), exposure } as LogEntry]
    await load()
    expanders()[0]?.click()
    return { row: rows()[0]?.textContent ?? '', details: document.querySelector('.details')?.textContent ?? '' }
  }

  test.each<[string, LogEntry['exposure'], RegExp]>([
    ['until then', { from, until: NOW - 60_000, certainty: 'exact' }, /nobody there: 14 hrs 59 mins \(.*–.*\)/],
    ['at most', { from, until: from + 12_000, certainty: 'at_most' }, /nobody there: at most 12 secs \(.*–.*\)/],
    ['still', { from, until: null, certainty: 'open' }, /nobody there: since .*, may still be/],
  ])('is in the row and in the details: %s', async (_, exposure, text) => {
    const { row, details } = await shown(exposure)
    expect(row).toMatch(text)
    expect(details.replace('nobody there', 'nobody there: ')).toMatch(text)
  })

  test('is in the details alone where it is as long as the close took', async () => {
    const { row, details } = await shown({ from, until: from + 240, certainty: 'exact' })
    expect(row).not.toContain('nobody there')
    expect(details).toContain('Available with nobody there240 ms')
  })

  test.each([null, undefined])(
    'is nowhere where there was none, or the entry is of an older version: %s',
    async (none) => {
      const { row, details } = await shown(none)
      expect(row + details).not.toContain('nobody there')
    },
  )
})

const choices = (id: string) => [...byId(id, HTMLSelectElement).options].map(({ text }) => text)
function choose(id: string, text: string): void {
  const place = byId(id, HTMLSelectElement)
  const found = [...place.options].find((option) => option.text === text)
  if (found === undefined) throw new Error(`No choice “${text}”`)
  place.value = found.value
  place.dispatchEvent(new Event('change'))
}
const shownIds = () => section.shown()?.map(({ entry }) => entry.id)

test('filters by outcome', () => {
  expect(choices('log-outcome')).toEqual([
    'All outcomes',
    'Confirmed',
    'Not confirmed',
    'Failed',
    'Not needed',
    'Left Available',
    'Not protected',
  ])
  choose('log-outcome', 'Failed')
  expect(rows()).toHaveLength(1)
  expect(count()).toBe('1 of 4 entries')
})

test('filters by cause', () => {
  choose('log-cause', 'Window closed')
  expect(shownIds()).toEqual(['c4'])
})

describe('filters by agent', () => {
  test('of those who are in the log, by name', () => {
    expect(choices('log-agent')).toEqual(['All agents', 'Dana Reyes', 'Li Wei'])
    choose('log-agent', 'Li Wei')
    expect(shownIds()).toEqual(['c2'])
  })

  test('whoever has two hosts of one instance is one, and two of a name are told apart', async () => {
    entries = [
      sampleEntry({ id: 'a', at: NOW, instance: 'acme.awsapps.com' }),
      sampleEntry({ id: 'b', at: NOW - 1 }),
      sampleEntry({ id: 'c', at: NOW - 2, username: 'dana.2' }),
      sampleEntry({ id: 'd', at: NOW - 3, username: '', agentName: '' }),
    ]
    await load()
    expect(choices('log-agent')).toEqual([
      'All agents',
      'Dana Reyes (dana.2, acme.my.connect.aws)',
      'Dana Reyes (dana.reyes, acme.awsapps.com)',
      'No agent seen',
    ])
    choose('log-agent', 'Dana Reyes (dana.reyes, acme.awsapps.com)')
    expect(shownIds()).toEqual(['a', 'b'])
    choose('log-agent', 'No agent seen')
    expect(shownIds()).toEqual(['d'])
  })

  test('a choice lasts as long as the agent has entries', async () => {
    choose('log-agent', 'Li Wei')
    await load()
    expect(shownIds()).toEqual(['c2'])
    entries = entries.filter(({ id }) => id !== 'c2')
    await load()
    expect(shownIds()).toEqual(['c1', 'c3', 'c4'])
  })
})

describe('filters by time', () => {
  beforeEach(() => jest.spyOn(Date, 'now').mockReturnValue(NOW))

  test.each([
    ['Any time', ['c1', 'c2', 'c3', 'c4']],
    ['Last 24 hours', ['c1', 'c2', 'c3']],
    ['Last 7 days', ['c1', 'c2', 'c3', 'c4']],
  ])('%s', (text, found) => {
    choose('log-time', text)
    expect(shownIds()).toEqual(found)
    expect(byId('log-between', HTMLElement).hidden).toBe(true)
  })

  test('from and to, each to the minute, and each alone', () => {
    choose('log-time', 'From … to …')
    expect(byId('log-between', HTMLElement).hidden).toBe(false)
    const set = (id: string, at: number | null) => {
      const field = byId(id, HTMLInputElement)
      // The field wants this machine's time, as `2026-11-22T09:30`.
      const local = at === null ? null : new Date(at - new Date(at).getTimezoneOffset() * 60_000)
      field.value = local?.toISOString().slice(0, 16) ?? ''
      field.dispatchEvent(new Event('change'))
    }
    expect(shownIds()).toEqual(['c1', 'c2', 'c3', 'c4'])
    set('log-from', NOW - 2 * HOUR)
    expect(shownIds()).toEqual(['c1', 'c2', 'c3'])
    set('log-to', NOW - 1 * HOUR)
    expect(shownIds()).toEqual(['c2', 'c3'])
    set('log-from', null)
    expect(shownIds()).toEqual(['c2', 'c3', 'c4'])
  })
})

test('all filters go together, and are reset together', () => {
  const reset = byId('log-reset', HTMLButtonElement)
  expect(reset.hidden).toBe(true)
  choose('log-outcome', 'Confirmed')
  choose('log-cause', 'Tab closed')
  choose('log-agent', 'Dana Reyes')
  search('acme')
  expect(shownIds()).toEqual(['c1'])
  choose('log-cause', 'Window closed')
  expect(shownIds()).toEqual([])
  expect(reset.hidden).toBe(false)
  reset.click()
  expect(shownIds()).toEqual(['c1', 'c2', 'c3', 'c4'])
  expect(document.activeElement).toBe(byId('log-search', HTMLInputElement))
})

describe('columns sort', () => {
  const sortBy = (column: string) => document.querySelector<HTMLElement>(`th[data-sort="${column}"] button`)?.click()
  const sorted = () =>
    [...document.querySelectorAll<HTMLElement>('th')].flatMap(({ ariaSort, dataset }) =>
      ariaSort === null ? [] : [`${dataset['sort'] ?? ''} ${ariaSort}`],
    )

  test('newest first at the beginning, oldest first at a click', () => {
    expect(sorted()).toEqual(['when descending'])
    sortBy('when')
    expect(sorted()).toEqual(['when ascending'])
    expect(shownIds()).toEqual(['c4', 'c3', 'c2', 'c1'])
    expect(rows()[0]?.textContent).toContain('Not needed')
  })

  test.each([
    ['agent', ['c1', 'c3', 'c4', 'c2'], ['c2', 'c1', 'c3', 'c4']],
    ['state', ['c1', 'c2', 'c4', 'c3'], ['c3', 'c1', 'c2', 'c4']],
    ['outcome', ['c1', 'c2', 'c3', 'c4'], ['c4', 'c3', 'c2', 'c1']],
    ['cause', ['c1', 'c2', 'c3', 'c4'], ['c4', 'c1', 'c2', 'c3']],
  ])('by %s, either way, and what is equal newest first', (column, once, twice) => {
    sortBy(column)
    expect(sorted()).toEqual([`${column} ascending`])
    expect(shownIds()).toEqual(once)
    sortBy(column)
    expect(sorted()).toEqual([`${column} descending`])
    expect(shownIds()).toEqual(twice)
  })

  test('the longest first by how long it took; what is not known is last either way', () => {
    sortBy('took')
    expect(sorted()).toEqual(['took descending'])
    expect(shownIds()).toEqual(['c1', 'c3', 'c4', 'c2'])
    sortBy('took')
    expect(shownIds()).toEqual(['c4', 'c1', 'c3', 'c2'])
  })

  test('what is new comes to its place in the order', async () => {
    sortBy('agent')
    entries = [sampleEntry({ id: 'c0', at: NOW + 1, agentName: 'Zoe' }), ...entries]
    await load()
    expect(shownIds()).toEqual(['c1', 'c3', 'c4', 'c2', 'c0'])
  })
})

test.each([
  ['li wei', 1],
  ['LI.WEI', 1],
  ['bereit', 1],
  ['invalidstate', 1],
  ['acme', 4],
  ['dana tab', 2],
  ['failed', 1],
])('filters by text: %s', (text, found) => {
  search(text)
  expect(rows()).toHaveLength(found)
})

test('a filter that nothing matches can be taken away', () => {
  search('nobody')
  expect(byId('log-frame', HTMLElement).hidden).toBe(true)
  document.querySelector<HTMLButtonElement>('#log-message button')?.click()
  expect(rows()).toHaveLength(4)
  expect(byId('log-search', HTMLInputElement).value).toBe('')
})

test('a refresh keeps what is open, the focus and the filter', async () => {
  search('dana')
  expanders()[0]?.click()
  expanders()[0]?.focus()
  entries = [sampleEntry({ id: 'c0', at: NOW + 1 }), ...entries]
  await load()
  expect(rows()).toHaveLength(4)
  expect(expanders()[1]?.getAttribute('aria-expanded')).toBe('true')
  expect(document.activeElement).toBe(expanders()[1])
})

test('an entry that was written again shows as it is now', async () => {
  entries = entries.map((entry) =>
    entry.id === 'c2' ? { ...entry, outcome: 'confirmed', evidence: 'snapshot' } : entry,
  )
  await load()
  expect(rows()[1]?.textContent).toContain('Seen Offline in an open CCP')
})

test('of many entries the rows are made as they are scrolled to, and all are counted, filtered and sorted', async () => {
  const many = 3 * ROWS_AT_A_TIME + 20
  entries = Array.from({ length: many }, (_, index) => sampleEntry({ id: `c${index}`, at: NOW - index }))
  await load()
  expect(rows()).toHaveLength(ROWS_AT_A_TIME)
  expect(count()).toBe('140 entries')
  const more = byId('log-more', HTMLElement)
  expect(more.textContent).toBe('Show more (40 of 140)')
  comesIntoSight(more)
  expect(rows()).toHaveLength(2 * ROWS_AT_A_TIME)
  more.querySelector('button')?.click()
  expect(rows()).toHaveLength(3 * ROWS_AT_A_TIME)
  await load()
  expect(rows()).toHaveLength(3 * ROWS_AT_A_TIME)
  comesIntoSight(more)
  expect(rows()).toHaveLength(many)
  expect(more.hidden).toBe(true)
  search('c139')
  expect(rows()).toHaveLength(1)
})

test('a log that is longer than a batch is read to its end, each entry once', async () => {
  entries = Array.from({ length: 1_500 }, (_, index) => sampleEntry({ id: `c${index}`, at: NOW - index }))
  await load()
  expect(shownIds()).toEqual(entries.map(({ id }) => id))
})

test('an empty log says what will appear, and has nothing to clear', async () => {
  entries = []
  await load()
  expect(byId('log-message', HTMLElement).textContent).toContain('Nothing logged yet')
  expect(byId('log-clear', HTMLButtonElement).disabled).toBe(true)
})

test('clears after a question alone', async () => {
  const dialog = byId('log-dialog', HTMLDialogElement)
  byId('log-clear', HTMLButtonElement).click()
  expect(dialog.open).toBe(true)
  byId('log-clear-cancel', HTMLButtonElement).click()
  await settled()
  expect(dialog.open).toBe(false)
  expect(asked).not.toHaveBeenCalled()

  byId('log-clear', HTMLButtonElement).click()
  entries = []
  byId('log-clear-confirm', HTMLButtonElement).click()
  await settled()
  expect(asked).toHaveBeenCalledWith('clear_log')
  expect(rows()).toHaveLength(0)
  expect(count()).toBe('The log was cleared.')
})

test('a log that cannot be read is told, with a way to try again', async () => {
  openLog.mockRejectedValueOnce(new Error('QuotaExceededError'))
  await load()
  expect(byId('log-message', HTMLElement).textContent).toContain('The log cannot be read: QuotaExceededError')
  document.querySelector<HTMLButtonElement>('#log-message button')?.click()
  await settled()
  expect(byId('log-message', HTMLElement).textContent).toBe('')
})

test('a page that is not protected is an entry without an agent, and says why', () => {
  const entry = sampleEntry({
    username: '',
    agentName: '',
    stateBefore: { name: '', type: 'unknown', arn: null, startTimestamp: null },
    outcome: 'unprotected',
    evidence: 'none',
    reason: 'no_connect',
    cause: 'none',
    event: null,
    tookMs: null,
    exposure: null,
    timeline: [],
  })
  const [row, details] = entryRows(entry)
  expect(row.textContent).toContain('No agent seen')
  expect(row.textContent).toContain('Not protected')
  expect(row.textContent).toContain('Amazon Connect')
  row.querySelector('button')?.click()
  expect(details.textContent).not.toContain('User name')
})
