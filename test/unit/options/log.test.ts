/** @jest-environment jsdom */
import type { LogEntry } from '../../../src/domain/log-entry'
import { entryRows } from '../../../src/options/log/row'
import { logPlaces } from '../../../src/options/log/places'
import { ROWS_AT_A_TIME } from '../../../src/options/log/rows'
import type { LogSection } from '../../../src/options/log/log-section'
import { logSection } from '../../../src/options/log/log-section'
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
/** The entries that were read. */
let read: LogEntry[]
let load: () => Promise<void>
const asked = jest.fn<Promise<unknown>, [string]>()
const openLog = jest.fn<Promise<LogStore>, []>()
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

const rows = () => [...document.querySelectorAll<HTMLElement>('#log-rows > tr:not(.more)')]
const count = () => byId('log-count', HTMLElement).textContent
const expanders = () => [...document.querySelectorAll<HTMLButtonElement>('.expander')]
async function search(text: string): Promise<void> {
  const field = byId('log-search', HTMLInputElement)
  field.value = text
  field.dispatchEvent(new Event('input'))
  await settled()
}

/** As after an opening of the page: nothing of the log is known. */
function freshSection(): LogSection {
  loadOptionsPage()
  fakeIntersections()
  return logSection(logPlaces(), asked as unknown as Ask, openLog)
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
  read = []
  openLog.mockResolvedValue(storeOf(() => entries, read))
  asked.mockResolvedValue(null)
  // jsdom has the dialog element, but not its methods.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
  HTMLDialogElement.prototype.close = function () {
    this.open = false
  }
  section = freshSection()
  load = () => section.load()
  await load()
})
afterEach(() => {
  asked.mockReset()
  openLog.mockReset()
})

test('one row per entry, in the order of the log, with a cell for each column', () => {
  expect(rows()).toHaveLength(4)
  const columns = document.querySelectorAll('thead th').length
  for (const row of rows()) expect(row.children).toHaveLength(columns)
  expect(count()).toBe('4 entries')
})

test('a row shows who, where, from which state, outcome, evidence, cause and duration', () => {
  expect([...(rows()[0]?.children ?? [])].slice(2).map((cell) => cell.textContent)).toEqual([
    'Dana Reyes',
    'acme.my.connect.aws',
    'Available',
    'Confirmed',
    'Connect answered the request',
    'Tab closed',
    '240\u00a0ms',
    '240\u00a0ms',
  ])
  expect(rows()[1]?.textContent).toContain('No answer seen')
  expect(rows()[1]?.textContent).toContain('unknown')
  expect(rows()[3]?.textContent).toContain('The status receives no contacts')
})

test('a row expands to its timeline and error, and collapses again', () => {
  const button = expanders()[2]
  expect(button?.getAttribute('aria-expanded')).toBe('false')
  button?.click()
  const details = document.getElementById(button?.getAttribute('aria-controls') ?? '')
  expect(button?.getAttribute('aria-expanded')).toBe('true')
  expect(details?.hidden).toBe(false)
  expect(details?.querySelector('time')?.textContent).toMatch(/^\d\d?:00:00\.240$/)
  expect(details?.textContent).toContain('+240\u00a0ms')
  expect(details?.textContent).toContain('InvalidStateException')
  expect(details?.textContent).toContain('The state is not valid.')
  button?.click()
  expect(details?.hidden).toBe(true)
  expect(button?.getAttribute('aria-expanded')).toBe('false')
})

describe('the time that an agent was unattended while Available', () => {
  const from = NOW - 15 * 3_600_000
  const shown = async (exposure: LogEntry['exposure'] | undefined): Promise<{ row: string; details: string }> => {
    entries = [{ ...sampleEntry({ id: 'x1', at: from }), exposure } as LogEntry]
    await load()
    expanders()[0]?.click()
    return {
      row: rows()[0]?.lastElementChild?.textContent ?? '',
      details: document.querySelector('.details')?.textContent ?? '',
    }
  }

  test.each<[string, LogEntry['exposure'], RegExp, string]>([
    [
      'until then',
      { from, until: NOW - 60_000, certainty: 'exact' },
      /^Unattended while Available14 hrs 59 mins \(.*–.*\)/,
      '14 hrs 59 mins',
    ],
    [
      'at most',
      { from, until: from + 12_000, certainty: 'at_most' },
      /^Unattended while Availableat most 12\u00a0s \(.*–.*\)/,
      'at most 12\u00a0s',
    ],
    [
      'still',
      { from, until: null, certainty: 'open' },
      /^Unattended while Availablesince .*, may be ongoing/,
      'may be ongoing',
    ],
  ])('is in the row and in the details: %s', async (_, exposure, text, short) => {
    const { row, details } = await shown(exposure)
    expect(row).toBe(short)
    expect(details.slice(details.indexOf('Unattended'))).toMatch(text)
  })

  test('is not in the row if it was over at once', async () => {
    const { row } = await shown({ from, until: from, certainty: 'exact' })
    expect(row).toBe('')
  })

  test.each([null, undefined])(
    'is missing if there was none, or the entry is from an older version: %s',
    async (none) => {
      const { row, details } = await shown(none)
      expect(row).toBe('')
      expect(details).not.toContain('Unattended')
    },
  )
})

const choices = (id: string) => [...byId(id, HTMLSelectElement).options].map(({ text }) => text)
async function choose(id: string, text: string): Promise<void> {
  const place = byId(id, HTMLSelectElement)
  const found = [...place.options].find((option) => option.text === text)
  if (found === undefined) throw new Error(`No choice “${text}”`)
  place.value = found.value
  place.dispatchEvent(new Event('change'))
  await settled()
}
const shownIds = () => expanders().map((button) => button.getAttribute('aria-controls')?.slice('details-'.length) ?? '')

test('filters by outcome', async () => {
  expect(choices('log-outcome')).toEqual([
    'All outcomes',
    'Confirmed',
    'Accepted',
    'Not confirmed',
    'Failed',
    'Not needed',
    'Trial',
    'Left Available',
    'Not protected',
  ])
  await choose('log-outcome', 'Failed')
  expect(rows()).toHaveLength(1)
  expect(count()).toBe('1 of 4 entries')
})

test('an observed close is a trial, and shows what would have been done', async () => {
  const observed = { outcome: 'not_needed', reason: 'mode_observe', evidence: 'none', tookMs: 0 } as const
  entries = [sampleEntry({ id: 'c5', at: NOW + HOUR, ...observed, would: 'set_offline' }), ...entries]
  await load()
  const row = rows()[0]
  expect(row?.querySelector('.pill.trial')?.textContent).toBe('Trial')
  expect(row?.querySelector('[data-label="How it is known"]')?.textContent).toBe('Would have set the agent Offline')
  expect(row?.querySelector('[data-label="Took"]')?.textContent).toBe('')
  await choose('log-outcome', 'Not needed')
  expect(shownIds()).toEqual(['c4'])
  await choose('log-outcome', 'Trial')
  expect(shownIds()).toEqual(['c5'])
})

test('filters by cause', async () => {
  await choose('log-cause', 'Window closed')
  expect(shownIds()).toEqual(['c4'])
})

describe('filters by agent', () => {
  test('who are in the log, by name', async () => {
    expect(choices('log-agent')).toEqual(['All agents', 'Dana Reyes', 'Li Wei'])
    await choose('log-agent', 'Li Wei')
    expect(shownIds()).toEqual(['c2'])
  })

  test('an agent on two hosts of one instance is one; two with the same name are distinguished', async () => {
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
    await choose('log-agent', 'Dana Reyes (dana.reyes, acme.awsapps.com)')
    expect(shownIds()).toEqual(['a', 'b'])
    await choose('log-agent', 'No agent seen')
    expect(shownIds()).toEqual(['d'])
  })

  test('a choice lasts as long as the agent has entries', async () => {
    await choose('log-agent', 'Li Wei')
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
  ])('%s', async (text, found) => {
    await choose('log-time', text)
    expect(shownIds()).toEqual(found)
    expect(byId('log-between', HTMLElement).hidden).toBe(true)
  })

  test('from and to, each to the minute, and each on its own', async () => {
    await choose('log-time', 'From … to …')
    expect(byId('log-between', HTMLElement).hidden).toBe(false)
    const set = async (id: string, at: number | null) => {
      const field = byId(id, HTMLInputElement)
      // The field takes local time, such as `2026-11-22T09:30`.
      const local = at === null ? null : new Date(at - new Date(at).getTimezoneOffset() * 60_000)
      field.value = local?.toISOString().slice(0, 16) ?? ''
      field.dispatchEvent(new Event('change'))
      await settled()
    }
    expect(shownIds()).toEqual(['c1', 'c2', 'c3', 'c4'])
    await set('log-from', NOW - 2 * HOUR)
    expect(shownIds()).toEqual(['c1', 'c2', 'c3'])
    await set('log-to', NOW - 1 * HOUR)
    expect(shownIds()).toEqual(['c2', 'c3'])
    await set('log-from', null)
    expect(shownIds()).toEqual(['c2', 'c3', 'c4'])
  })
})

test('filters combine, and are reset together', async () => {
  const reset = byId('log-reset', HTMLButtonElement)
  expect(reset.hidden).toBe(true)
  await choose('log-outcome', 'Confirmed')
  await choose('log-cause', 'Tab closed')
  await choose('log-agent', 'Dana Reyes')
  await search('acme')
  expect(shownIds()).toEqual(['c1'])
  await choose('log-cause', 'Window closed')
  expect(shownIds()).toEqual([])
  expect(reset.hidden).toBe(false)
  reset.click()
  await settled()
  expect(shownIds()).toEqual(['c1', 'c2', 'c3', 'c4'])
  expect(document.activeElement).toBe(byId('log-search', HTMLInputElement))
})

describe('columns can be sorted', () => {
  const sortBy = async (column: string) => {
    document.querySelector<HTMLElement>(`th[data-sort="${column}"] button`)?.click()
    await settled()
  }
  const sorted = () =>
    [...document.querySelectorAll<HTMLElement>('th')].flatMap(({ ariaSort, dataset }) =>
      ariaSort === null ? [] : [`${dataset['sort'] ?? ''} ${ariaSort}`],
    )

  test('newest first at the beginning, oldest first after a click', async () => {
    expect(sorted()).toEqual(['when descending'])
    await sortBy('when')
    expect(sorted()).toEqual(['when ascending'])
    expect(shownIds()).toEqual(['c4', 'c3', 'c2', 'c1'])
    expect(rows()[0]?.textContent).toContain('Not needed')
  })

  test.each([
    ['agent', ['c1', 'c3', 'c4', 'c2'], ['c2', 'c1', 'c3', 'c4']],
    ['state', ['c1', 'c2', 'c4', 'c3'], ['c3', 'c1', 'c2', 'c4']],
    ['outcome', ['c1', 'c2', 'c3', 'c4'], ['c4', 'c3', 'c2', 'c1']],
    ['cause', ['c1', 'c2', 'c3', 'c4'], ['c4', 'c1', 'c2', 'c3']],
  ])('by %s in both directions, newest first among equals', async (column, once, twice) => {
    await sortBy(column)
    expect(sorted()).toEqual([`${column} ascending`])
    expect(shownIds()).toEqual(once)
    await sortBy(column)
    expect(sorted()).toEqual([`${column} descending`])
    expect(shownIds()).toEqual(twice)
  })

  test('longest duration first; unknown and zero durations come last in both directions', async () => {
    entries = entries.map((entry) => (entry.id === 'c3' ? { ...entry, tookMs: 90 } : entry))
    await load()
    await sortBy('took')
    expect(sorted()).toEqual(['took descending'])
    expect(shownIds()).toEqual(['c1', 'c3', 'c2', 'c4'])
    await sortBy('took')
    expect(shownIds()).toEqual(['c3', 'c1', 'c2', 'c4'])
  })

  test('a new entry appears in its place in the order', async () => {
    await sortBy('agent')
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
])('filters by text: %s', async (text, found) => {
  await search(text)
  expect(rows()).toHaveLength(found)
})

test('a filter without matches can be removed', async () => {
  await search('nobody')
  expect(byId('log-frame', HTMLElement).hidden).toBe(true)
  document.querySelector<HTMLButtonElement>('#log-message button')?.click()
  await settled()
  expect(rows()).toHaveLength(4)
  expect(byId('log-search', HTMLInputElement).value).toBe('')
})

test('a refresh keeps expanded rows, the focus and the filter', async () => {
  await search('dana')
  expanders()[0]?.click()
  expanders()[0]?.focus()
  entries = [sampleEntry({ id: 'c0', at: NOW + 1 }), ...entries]
  await load()
  expect(rows()).toHaveLength(4)
  expect(expanders()[1]?.getAttribute('aria-expanded')).toBe('true')
  expect(document.activeElement).toBe(expanders()[1])
})

test('a rewritten entry shows its new content', async () => {
  entries = entries.map((entry) =>
    entry.id === 'c2' ? { ...entry, outcome: 'confirmed', evidence: 'snapshot' } : entry,
  )
  await load()
  expect(rows()[1]?.textContent).toContain('Only a CCP page showed Offline')
})

const many = (count: number): LogEntry[] =>
  Array.from({ length: count }, (_, index) =>
    sampleEntry({ id: `c${index}`, at: NOW - index, username: `agent.${index % 7}` }),
  )

test('rows of many entries are made as they are scrolled to, and all entries are counted', async () => {
  entries = many(3 * ROWS_AT_A_TIME + 20)
  await load()
  expect(rows()).toHaveLength(ROWS_AT_A_TIME)
  expect(count()).toBe('170 entries')
  const more = byId('log-more', HTMLElement)
  expect(more.textContent).toBe('Show more')
  comesIntoSight(more)
  await settled()
  expect(rows()).toHaveLength(2 * ROWS_AT_A_TIME)
  more.querySelector('button')?.click()
  await settled()
  expect(rows()).toHaveLength(3 * ROWS_AT_A_TIME)
  await load()
  expect(rows()).toHaveLength(3 * ROWS_AT_A_TIME)
  comesIntoSight(more)
  await settled()
  expect(rows()).toHaveLength(entries.length)
  expect(more.hidden).toBe(true)
  await search('c169')
  expect(rows()).toHaveLength(1)
})

describe('of a long log, no more is read than is shown', () => {
  beforeEach(async () => {
    entries = many(5_000)
    read.length = 0
    await load()
  })

  test('when it is opened, and when it has changed', async () => {
    expect(rows()).toHaveLength(ROWS_AT_A_TIME)
    expect(count()).toBe('5,000 entries')
    await load()
    expect(read.length).toBeLessThanOrEqual(400)
  })

  test('when it is filtered or searched: the number of matches is exact nevertheless', async () => {
    read.length = 0
    await search('agent.3')
    expect(rows()).toHaveLength(ROWS_AT_A_TIME)
    expect(read).toHaveLength(ROWS_AT_A_TIME)
    expect(count()).toBe('714 of 5,000 entries')
    await choose('log-outcome', 'Failed')
    expect(count()).toBe('0 of 5,000 entries')
    expect(read).toHaveLength(ROWS_AT_A_TIME)
  })

  test('when a search finds nothing: no entry at all', async () => {
    read.length = 0
    await search('nobody')
    expect(byId('log-message', HTMLElement).textContent).toContain('No entry matches')
    expect(count()).toBe('0 of 5,000 entries')
    expect(read).toEqual([])
  })

  test('when a search finds nothing, letter by letter: the message and its button stay', async () => {
    const message = byId('log-message', HTMLElement)
    await search('nobo')
    const button = message.querySelector('button')
    await search('nobody')
    expect(button).not.toBeNull()
    expect(message.querySelector('button')).toBe(button)
    button?.click()
    await settled()
    expect(message.textContent).toBe('')
  })

  test('when it is sorted: all entries are sorted, and one page of them is read', async () => {
    entries = entries.map((entry, nth) => (nth === 4_321 ? { ...entry, agentName: 'Aaron' } : entry))
    read.length = 0
    const sortBy = async (column: string) => {
      document.querySelector<HTMLElement>(`th[data-sort="${column}"] button`)?.click()
      await settled()
    }
    await sortBy('agent')
    expect(shownIds().slice(0, 2)).toEqual(['c4321', 'c0'])
    expect(read).toHaveLength(ROWS_AT_A_TIME)
    expect(count()).toBe('5,000 entries')
    byId('log-more', HTMLElement).querySelector('button')?.click()
    await settled()
    expect(shownIds().slice(-1)).toEqual(['c98'])
    expect(read).toHaveLength(2 * ROWS_AT_A_TIME)
    await sortBy('when')
    await sortBy('when')
    expect(shownIds()[0]).toBe('c4999')
    expect(count()).toBe('5,000 entries')
  })

  test('before its columns are read, a filter finds the newest matches, and the page says that there may be more', async () => {
    openLog.mockResolvedValue({ ...storeOf(() => entries, read), digests: () => new Promise(() => undefined) })
    section = freshSection()
    await load()
    read.length = 0
    await search('agent.3')
    expect(rows()).toHaveLength(ROWS_AT_A_TIME)
    expect(read.length).toBeLessThanOrEqual(400)
    expect(count()).toMatch(/^\d\d or more of 5,000 entries$/)
  })

  test('before its columns are read, the rows stay until they can be sorted', async () => {
    const made: (() => void)[] = []
    const store = storeOf(() => entries, read)
    openLog.mockResolvedValue({
      ...store,
      digests: async (known) => {
        await new Promise<void>((resolve) => made.push(resolve))
        return store.digests(known)
      },
    })
    section = freshSection()
    await load()
    document.querySelector<HTMLElement>('th[data-sort="took"] button')?.click()
    await settled()
    expect(rows()).toHaveLength(ROWS_AT_A_TIME)
    expect(count()).toBe('Looking through 5,000 entries…')
    expect(byId('log-frame', HTMLElement).ariaBusy).toBe('true')
    while (made.length > 0) {
      made.shift()?.()
      await settled()
    }
    expect(rows()).toHaveLength(ROWS_AT_A_TIME)
    expect(count()).toBe('5,000 entries')
  })

  test('while it is searched, it shows what it has and says so', async () => {
    const store = storeOf(() => entries)
    const held: (() => void)[] = []
    openLog.mockResolvedValue({
      ...store,
      digests: () => new Promise(() => undefined),
      page: async (query, after, limit) => {
        if (after !== null) await new Promise<void>((resolve) => held.push(resolve))
        return store.page(query, after, limit)
      },
    })
    entries = entries.map((entry, index) => (index % 1_000 === 7 ? { ...entry, username: 'rare' } : entry))
    section = freshSection()
    await search('rare')
    expect(rows()).toHaveLength(1)
    expect(count()).toBe('Looking through 5,000 entries…')
    expect(byId('log-frame', HTMLElement).ariaBusy).toBe('true')
    while (held.length > 0) {
      held.shift()?.()
      await settled()
    }
    expect(rows()).toHaveLength(5)
    expect(count()).toBe('5 of 5,000 entries')
    expect(byId('log-frame', HTMLElement).ariaBusy).toBeNull()
  })
})

test('a log longer than a batch is read to its end, each entry once', async () => {
  entries = many(1_500)
  await load()
  const found: string[] = []
  for await (const batch of section.matching()) found.push(...batch.map(({ id }) => id))
  expect(found).toEqual(entries.map(({ id }) => id))
})

test('an empty log says what will appear, and cannot be cleared', async () => {
  entries = []
  await load()
  expect(byId('log-message', HTMLElement).textContent).toContain('Nothing logged yet')
  expect(byId('log-clear', HTMLButtonElement).disabled).toBe(true)
})

test('clears only after a confirmation', async () => {
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

test('a log that cannot be read is reported, with a way to try again', async () => {
  openLog.mockRejectedValueOnce(new Error('QuotaExceededError'))
  await load()
  expect(byId('log-message', HTMLElement).textContent).toContain('The log cannot be read: QuotaExceededError')
  document.querySelector<HTMLButtonElement>('#log-message button')?.click()
  await settled()
  expect(byId('log-message', HTMLElement).textContent).toBe('')
})

test('an unprotected page has an entry without an agent, with the reason', () => {
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
  expect(row.textContent).toContain('the part of Amazon Connect')
  row.querySelector('button')?.click()
  expect(details.textContent).not.toContain('User name')
})
