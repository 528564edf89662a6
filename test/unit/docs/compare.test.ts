import { read, tableRows } from './documents'

const cells = tableRows(read('docs/benchmark.md'), 'cell').map(([cell = '', signoff = '', snippet = '']) => ({
  cell: cell.replaceAll('`', ''),
  signoff: percent(signoff),
  snippet: percent(snippet),
}))
const COMPARE = read('docs/compare.md')

/** The share of closes that left the agent Offline, in %. */
function percent(text: string): number {
  const [, figure] = /^(\d+) %/.exec(text) ?? []
  if (figure === undefined) throw new Error(`No share: ${text}`)
  return Number(figure)
}

/** How many runs each cell has of Signoff and of the snippet. */
function runsOfCells(): number[] {
  const { results } = JSON.parse(read('docs/benchmark.json')) as { results: { cell: string; contender: string }[] }
  const runs = new Map<string, number>()
  for (const { cell, contender } of results) {
    if (contender !== 'signoff' && contender !== 'aws-snippet') continue
    const name = `${contender} ${cell}`
    runs.set(name, (runs.get(name) ?? 0) + 1)
  }
  return [...runs.values()]
}

it('the comparison counts the cells of the close matrix correctly', () => {
  const whole = (who: 'signoff' | 'snippet'): number => cells.filter((cell) => cell[who] === 100).length
  const [, all, fewest, most, snippet] =
    /Of the (\d+) cells of the matrix, (\d+) to (\d+) runs each, it left the agent Offline every time in (\d+)/.exec(
      COMPARE,
    ) ?? []
  const counts = runsOfCells()
  expect([fewest, most].map(Number)).toEqual([Math.min(...counts), Math.max(...counts)])
  const [, signoff] = /Signoff did in (\d+)/.exec(COMPARE) ?? []
  expect([all, signoff, snippet].map(Number)).toEqual([cells.length, whole('signoff'), whole('snippet')])
})

/** The cells of a browser behind each row of the comparison, in its order. */
const ROWS: readonly RegExp[] = [
  /tab\/warm\//,
  /tab\/cold\//,
  /window\/warm\//,
  /quit\/cold\//,
  /tab\/(first-fails|throttled)\//,
  /tab\/gone\//,
  /renderer\/warm\//,
  /sig(term|kill)\/.*\/persistent/,
  /sigkill\/.*\/session/,
]

it('the comparison has the shares of the close matrix, for Chromium and Firefox', () => {
  const told = tableRows(COMPARE, 'close').map(([, signoff = '', snippet = '']) =>
    [signoff, snippet].map((shares) => [...shares.matchAll(/(\d+) %/g)].map(([, share]) => Number(share))),
  )
  const known = ROWS.map((pattern) =>
    (['signoff', 'snippet'] as const).map((who) =>
      ['chromium', 'firefox'].map((browser) => shareOf(browser, pattern, who)),
    ),
  )
  expect(told).toEqual(known)
})

/** The share over all matching cells of a browser, which have equally many runs. */
function shareOf(browser: string, pattern: RegExp, who: 'signoff' | 'snippet'): number {
  const shares = cells
    .filter(({ cell }) => cell.startsWith(`${browser}/`) && pattern.test(cell))
    .map((cell) => cell[who])
  return shares.reduce((sum, share) => sum + share, 0) / shares.length
}
