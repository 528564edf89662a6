/** @jest-environment jsdom */
import type { LogEntry } from '../../../src/domain/log-entry'
import { csvParts, jsonParts, logExport } from '../../../src/options/log/export'
import type { LogItem } from '../../../src/options/log/items'
import { itemOf } from '../../../src/options/log/items'
import { byId } from '../../../src/ui/dom'
import { NOW, sampleEntry } from '../ui/samples'
import { loadOptionsPage } from './page'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

const saved: { name: string; content: Blob }[] = []
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))
const said = () => byId('log-said', HTMLElement).textContent
let shown: LogItem[] | null
let changed: () => void

beforeEach(() => {
  saved.length = 0
  jest.spyOn(Date, 'now').mockReturnValue(NOW)
  loadOptionsPage()
  shown = null
  changed = logExport(
    {
      csv: byId('log-csv', HTMLButtonElement),
      json: byId('log-json', HTMLButtonElement),
      said: byId('log-said', HTMLElement),
    },
    () => shown,
    (name, content) => saved.push({ name, content }),
    '1.2.3',
  )
  changed()
})

test('there is nothing to export until something is shown', () => {
  expect(byId('log-csv', HTMLButtonElement).disabled).toBe(true)
  shown = [itemOf(sampleEntry())]
  changed()
  expect(byId('log-csv', HTMLButtonElement).disabled).toBe(false)
  expect(byId('log-json', HTMLButtonElement).disabled).toBe(false)
})

test.each([
  ['log-csv', 'signoff-log-2026-11-22T12-00-00Z.csv', 'text/csv;charset=utf-8'],
  ['log-json', 'signoff-log-2026-11-22T12-00-00Z.json', 'application/json'],
])('%s saves what is shown, and says so', async (button, name, type) => {
  shown = [itemOf(sampleEntry({ id: 'a' })), itemOf(sampleEntry({ id: 'b' }))]
  changed()
  byId(button, HTMLButtonElement).click()
  await settled()
  expect(saved.map((file) => [file.name, file.content.type])).toEqual([[name, type]])
  expect(said()).toBe(`Saved 2 entries as ${name}.`)
  changed()
  expect(said()).toBe('')
})

const many = Array.from({ length: 1_201 }, (_, index) => sampleEntry({ id: `c${index}` }))

test('many entries are written in several goes, each once and in order', async () => {
  const csv = (await csvParts(many)).join('')
  expect([...csv.matchAll(/Z,(c\d+),/g)].map(([, id]) => id)).toEqual(many.map(({ id }) => id))
  const json = JSON.parse((await jsonParts(many, NOW, '1.2.3')).join('')) as { entries: LogEntry[] }
  expect(json.entries.map(({ id }) => id)).toEqual(many.map(({ id }) => id))
})

test('the JSON has the version of its format, and times in ISO 8601', async () => {
  const stateBefore = { name: 'Available', type: 'routable', arn: null, startTimestamp: NOW - 1 } as const
  const text = (await jsonParts([sampleEntry({ at: NOW, stateBefore })], NOW, '1.2.3')).join('')
  expect(JSON.parse(text)).toMatchObject({
    format: 'ccp-signoff-log',
    version: 1,
    exportedAt: '2026-11-22T12:00:00.000Z',
    extensionVersion: '1.2.3',
    entries: [
      {
        at: '2026-11-22T12:00:00.000Z',
        outcome: 'confirmed',
        stateBefore: { startTimestamp: '2026-11-22T11:59:59.999Z' },
        exposure: { from: '2026-11-22T11:55:00.000Z', certainty: 'exact' },
        timeline: [
          { at: '2026-11-22T11:55:00.000Z', event: 'closing', detail: 'attempted' },
          { event: 'call_succeeded' },
        ],
      },
    ],
  })
})

test('no entry, or a time that a page made up, spoils no JSON', async () => {
  expect(JSON.parse((await jsonParts([], NOW, '1')).join(''))).toMatchObject({ entries: [] })
  const stateBefore = { name: '', type: 'unknown', arn: null, startTimestamp: 1e300 } as const
  const older = Object.fromEntries(Object.entries(sampleEntry({ stateBefore })).filter(([key]) => key !== 'exposure'))
  expect(JSON.parse((await jsonParts([older as unknown as LogEntry], NOW, '1')).join(''))).toMatchObject({
    entries: [{ stateBefore: { startTimestamp: null } }],
  })
})
