import fc from 'fast-check'
import type { LogEntry } from '../../../src/domain/log-entry'
import { CSV_HEAD, csvLine } from '../../../src/options/log/csv'
import { NOW, sampleEntry } from '../ui/samples'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

/** A small reader of RFC 4180: quoted cells may contain anything; others no commas, quotes or line breaks. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  let rest = text
  while (rest !== '') {
    const [whole, quoted, plain, end] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest) ?? []
    if (whole === undefined) throw new Error(`No CSV: ${JSON.stringify(rest.slice(0, 80))}`)
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    rest = rest.slice(whole.length)
    if (end !== ',' && rest !== '') rows.push([])
  }
  return rows
}

const read = (entries: readonly LogEntry[]): Record<string, string>[] => {
  const text = CSV_HEAD + entries.map(csvLine).join('')
  expect(text.startsWith('\uFEFF')).toBe(true)
  const [head = [], ...rows] = readCsv(text.slice(1))
  return rows.map((row) => {
    expect(row).toHaveLength(head.length)
    return Object.fromEntries(head.map((name, index) => [name, row[index] ?? '']))
  })
}

test('one line per entry, with ISO 8601 times, codes unchanged, and empty cells for missing values', () => {
  const at = NOW - 5 * 60_000
  expect(read([sampleEntry()])).toEqual([
    {
      at: new Date(at).toISOString(),
      id: 'close-1',
      instance: 'acme.my.connect.aws',
      username: 'dana.reyes',
      agentName: 'Dana Reyes',
      routingProfile: '',
      label: '',
      surface: 'ccp-v2',
      framed: 'false',
      stateBefore: 'Available',
      stateBeforeType: 'routable',
      target: '',
      outcome: 'confirmed',
      evidence: 'call_answered',
      reason: '',
      would: '',
      cause: 'tab_closed',
      event: 'beforeunload',
      tookMs: '240',
      exposureFrom: new Date(at).toISOString(),
      exposureUntil: new Date(at + 240).toISOString(),
      exposureCertainty: 'exact',
      errorType: '',
      errorMessage: '',
      streamsVersion: '2.28.2',
      extensionVersion: '1.0.0',
      timeline: `${new Date(at).toISOString()} closing (attempted); ${new Date(at + 240).toISOString()} call_succeeded`,
    },
  ])
})

test('entries of older versions have no exposure', () => {
  const older = Object.fromEntries(Object.entries(sampleEntry()).filter(([key]) => key !== 'exposure'))
  expect(read([older as unknown as LogEntry])[0]).toMatchObject({ exposureFrom: '', exposureCertainty: '' })
})

/** A second definition of a formula: invisible characters and quotes, followed by a sign. */
const FORMULA = /^[^\p{L}\p{N}'’!#$%&()*,./:;<>?\\^_`{|}~[\]]*?[=+\-@＝＋－＠﹢﹣﹦﹫]/u

test.each([
  ['=1+1', "'=1+1"],
  ['x;=HYPERLINK(1)', "x;'=HYPERLINK(1)"],
  ['x\t +1', "x\t' +1"],
  ['a - b; c = d', 'a - b; c = d'],
  ['a;"=cmd|x', `a;'"=cmd|x`],
  ['"=1+1', `'"=1+1`],
  [' =1+1', "' =1+1"],
  ['\u200b=1+1', "'\u200b=1+1"],
  ['\u00a0\ufeff\u202e-1', "'\u00a0\ufeff\u202e-1"],
  ['a;\u200b "\u2060@x', `a;'\u200b "\u2060@x`],
  ['“=1', "'“=1"],
])('what a spreadsheet would calculate is marked as text: %j', (agentName, cell) => {
  expect(read([sampleEntry({ agentName })])[0]?.['agentName']).toBe(cell)
})

test('any text is read back unchanged except for quotes, and no cell is a formula', () => {
  const beginning = fc.constantFrom('', '=', '+', '-', '@', '\t', '\r', '\n', '"', "'", ' ', ',', '＝', '\u200b=', '"=')
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('"', '""', ',', '\r\n', '\n', ';', '\t', ' ', ';=', '; -', '\t@', '\n+', ';"=', ';\u200b"\u00a0='),
  )
  const text = fc.tuple(beginning, fc.array(piece, { maxLength: 4 })).map(([first, rest]) => first + rest.join(''))
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text, text), { maxLength: 4 }), (texts) => {
      const entries = texts.map(([agentName, username, message]) =>
        sampleEntry({ agentName, username, error: { type: message, message }, timeline: [] }),
      )
      const rows = read(entries)
      const bare = (cell: string | undefined) => cell?.replaceAll("'", '')
      expect(rows.map((row) => [row['agentName'], row['username'], row['errorMessage']].map(bare))).toEqual(
        texts.map((each) => each.map(bare)),
      )
      for (const cell of rows.flatMap(Object.values)) expect(cell).not.toMatch(FORMULA)
      // Excel in most of Europe separates cells by `;`, and treats a quote in the middle of a cell as a quote.
      for (const cell of entries
        .map(csvLine)
        .join('')
        .split(/[;\t\r\n]/))
        expect(cell).not.toMatch(FORMULA)
    }),
    { numRuns: 500 },
  )
})
