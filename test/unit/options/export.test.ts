/** @jest-environment jsdom */
import type { LogEntry } from '../../../src/domain/log-entry'
import { csvParts, jsonParts, logExport } from '../../../src/options/log/export'
import { byId } from '../../../src/ui/dom'
import { NOW, sampleEntry } from '../ui/samples'
import { loadOptionsPage } from './page'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

const saved: { name: string; content: Blob }[] = []
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))
const said = () => byId('log-said', HTMLElement).textContent
let shown: LogEntry[]
let changed: () => void

async function* inBatches(entries: readonly LogEntry[]): AsyncGenerator<readonly LogEntry[], void, void> {
  for (let from = 0; from < entries.length; from += 500) {
    yield await Promise.resolve(entries.slice(from, from + 500))
    // As when the filter leaves nothing of a batch.
    yield []
  }
}
async function textOf(parts: AsyncIterable<{ text: string }>): Promise<string> {
  let text = ''
  for await (const part of parts) text += part.text
  return text
}
const csvOf = (entries: readonly LogEntry[]) => textOf(csvParts(inBatches(entries)))
const jsonOf = (entries: readonly LogEntry[], version: string) => textOf(jsonParts(inBatches(entries), NOW, version))

beforeEach(() => {
  saved.length = 0
  jest.spyOn(Date, 'now').mockReturnValue(NOW)
  loadOptionsPage()
  shown = []
  changed = logExport(
    {
      csv: byId('log-csv', HTMLButtonElement),
      json: byId('log-json', HTMLButtonElement),
      said: byId('log-said', HTMLElement),
    },
    { isEmpty: () => shown.length === 0, matching: () => inBatches(shown) },
    (name, content) => saved.push({ name, content }),
    '1.2.3',
  )
  changed()
})

test('nothing can be exported until something is shown', () => {
  expect(byId('log-csv', HTMLButtonElement).disabled).toBe(true)
  shown = [sampleEntry()]
  changed()
  expect(byId('log-csv', HTMLButtonElement).disabled).toBe(false)
  expect(byId('log-json', HTMLButtonElement).disabled).toBe(false)
})

test.each([
  ['log-csv', 'signoff-log-2026-11-22T12-00-00Z.csv', 'text/csv;charset=utf-8'],
  ['log-json', 'signoff-log-2026-11-22T12-00-00Z.json', 'application/json'],
])('%s saves the shown entries, and says so', async (button, name, type) => {
  shown = [sampleEntry({ id: 'a' }), sampleEntry({ id: 'b' })]
  changed()
  byId(button, HTMLButtonElement).click()
  await settled()
  expect(saved.map((file) => [file.name, file.content.type])).toEqual([[name, type]])
  expect(said()).toBe(`Saved 2 entries as ${name}.`)
  changed()
  expect(said()).toBe('')
})

const many = Array.from({ length: 1_201 }, (_, index) => sampleEntry({ id: `c${index}` }))

test('many entries are written in batches, each once and in order', async () => {
  const csv = await csvOf(many)
  expect([...csv.matchAll(/Z,(c\d+),/g)].map(([, id]) => id)).toEqual(many.map(({ id }) => id))
  const json = JSON.parse(await jsonOf(many, '1.2.3')) as { entries: LogEntry[] }
  expect(json.entries.map(({ id }) => id)).toEqual(many.map(({ id }) => id))
})

test('the JSON has a format version, and ISO 8601 times', async () => {
  const stateBefore = { name: 'Available', type: 'routable', arn: null, startTimestamp: NOW - 1 } as const
  const text = await jsonOf([sampleEntry({ at: NOW, stateBefore })], '1.2.3')
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

test('an empty log, or a nonsensical time from a page, still gives valid JSON', async () => {
  expect(JSON.parse(await jsonOf([], '1'))).toMatchObject({ entries: [] })
  const stateBefore = { name: '', type: 'unknown', arn: null, startTimestamp: 1e300 } as const
  const older = Object.fromEntries(Object.entries(sampleEntry({ stateBefore })).filter(([key]) => key !== 'exposure'))
  expect(JSON.parse(await jsonOf([older as unknown as LogEntry], '1'))).toMatchObject({
    entries: [{ stateBefore: { startTimestamp: null } }],
  })
})
