import type { Contender } from '../matrix/cell'
import type { CellSummary } from '../judge/summary'
import { NAME_OF, percent } from './words'

const TITLE = 'Agents set Offline, by the close or by the next start of the browser'
const ROW = 22
const LEFT = 250
const WIDTH = 360
const TOP = 84
/** Drawn in this order: the extension lies on top. */
const SHOWN: readonly Contender[] = ['none', 'aws-snippet', 'signoff']
const LEGEND: readonly Contender[] = ['signoff', 'aws-snippet', 'none']

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600 }
  .faint { fill: #57606a }
  .line { stroke: #d0d7de }
  .signoff { fill: #0a7f50 }
  .aws-snippet { fill: #bc4c00 }
  .none { fill: none; stroke: #57606a; stroke-width: 1.5 }
  .gap { stroke-width: 3; stroke: #b4d8c7 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .faint { fill: #9198a1 }
    .line { stroke: #3d444d }
    .signoff { fill: #3fb950 }
    .aws-snippet { fill: #f0883e }
    .none { stroke: #9198a1 }
    .gap { stroke: #1f4d33 }
  }`

/** The share of closes that left the agent Offline, cell by cell, as an SVG for light and dark backgrounds. */
export function plotOf(cells: readonly CellSummary[]): string {
  const browsers = [...new Set(cells.map(({ cell }) => cell.browser))]
  let y = TOP
  const parts: string[] = []
  for (const browser of browsers) {
    y += ROW
    parts.push(`<text class="title" x="12" y="${y}">${browser === 'firefox' ? 'Firefox' : 'Chromium'}</text>`)
    for (const cell of cells.filter((each) => each.cell.browser === browser)) {
      y += ROW
      parts.push(rowOf(cell, y))
    }
  }
  const height = y + ROW
  const width = LEFT + WIDTH + 40
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${TITLE}">
<style>${STYLE}
</style>
<text class="title" x="12" y="20">${TITLE}</text>
${legend()}
${axis(height)}
${parts.join('\n')}
</svg>
`
}

const xOf = (share: number): number => LEFT + share * WIDTH

function rowOf({ cell, figures }: CellSummary, y: number): string {
  const { close, network, background, cookies } = cell
  const name = [close, network, background, ...(cookies === 'session' ? ['session'] : [])].join(', ')
  const middle = y - 4
  const [ours, theirs] = [figures.signoff?.offline, figures['aws-snippet']?.offline]
  const gap =
    typeof ours === 'number' && typeof theirs === 'number' && ours !== theirs
      ? `<line class="gap" x1="${xOf(theirs)}" x2="${xOf(ours)}" y1="${middle}" y2="${middle}"/>`
      : ''
  return `<text class="faint" x="24" y="${y}">${name}</text>${gap}${SHOWN.map((who) => dot(who, figures[who]?.offline, middle)).join('')}`
}

function dot(who: Contender, share: number | null | undefined, y: number): string {
  if (share === null || share === undefined) return ''
  const tip = `<title>${NAME_OF[who]}: ${percent(share)}</title>`
  // Of different sizes, so that all are visible where they share a place: "nothing" is a ring around the others.
  return `<circle class="${who}" cx="${xOf(share)}" cy="${y}" r="${who === 'none' ? 7 : who === 'signoff' ? 3.5 : 5}">${tip}</circle>`
}

function legend(): string {
  return LEGEND.map((who, index) => {
    const x = LEFT + index * 120
    return `<circle class="${who}" cx="${x}" cy="40" r="5"/><text x="${x + 12}" y="44">${NAME_OF[who]}</text>`
  }).join('\n')
}

function axis(height: number): string {
  return [0, 0.5, 1]
    .map(
      (share) =>
        `<line class="line" x1="${xOf(share)}" x2="${xOf(share)}" y1="${TOP}" y2="${height - 8}"/><text class="faint" x="${xOf(share)}" y="${TOP - 8}" text-anchor="middle">${percent(share)}</text>`,
    )
    .join('\n')
}
