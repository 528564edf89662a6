import type { PilotReport } from '../../domain/pilot-report'
import { binned } from '../../domain/pilot-report'
import { h } from '../../ui/dom'
import { formatNumber } from '../../ui/format'
import { t, tCount } from '../../ui/i18n'
import { formatDay, formatDays, formatShortDay, leadText } from './report-words'

const SVG = 'http://www.w3.org/2000/svg'
/** How many bars fit on a narrow page. */
const MOST_BARS = 45
/** Fewer bars than this leave room at the end, so that three bars do not fill the picture. */
const LEAST_SLOTS = 14
/** Heights in px of the bars, and of the room above and below them. Widths are in percent, so that text is not stretched. */
const PLOT = 160
const ABOVE = 12
const BELOW = 26
const LEFT_PERCENT = 8

type Attributes = Readonly<Record<string, string | number>>

function s(tag: string, attributes: Attributes, ...children: readonly (Node | string)[]): SVGElement {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  element.append(...children)
  return element
}

/** Closes by day, and how many of them left an agent Available. A bar stands for several days where there are many. */
export function reportPicture(report: PilotReport): HTMLElement {
  const bins = binned(report.days, MOST_BARS)
  const top = niceTop(Math.max(1, ...bins.map(({ closes }) => closes)))
  const slot = (100 - LEFT_PERCENT) / Math.max(LEAST_SLOTS, bins.length)
  const y = (count: number) => ABOVE + PLOT * (1 - count / top)
  const percent = (value: number) => `${value.toFixed(3)}%`
  const middle = (index: number) => LEFT_PERCENT + (index + 0.5) * slot

  const grid = [0, top / 2, top].flatMap((count) => [
    s('line', { class: 'grid', x1: percent(LEFT_PERCENT), x2: '100%', y1: y(count), y2: y(count) }),
    s(
      'text',
      { x: percent(LEFT_PERCENT - 1), y: y(count), 'text-anchor': 'end', 'dominant-baseline': 'middle' },
      formatNumber(count),
    ),
  ])
  const bars = bins.map(({ closes, left, ended, day, lastDay }, index) => {
    // The part that needs attention is at the bottom, where bars are compared most easily.
    const parts = [
      { kind: 'ended', from: 0, to: ended },
      { kind: 'unended', from: ended, to: left },
      { kind: 'fine', from: left, to: closes },
    ].filter(({ from, to }) => to > from)
    const at = { x: percent(middle(index) - slot * 0.4), width: percent(slot * 0.8) }
    const counted = tCount('reportCloses', closes, formatNumber(closes))
    const label = t('reportBar', formatDays(day, lastDay), counted, formatNumber(left))
    return s(
      'g',
      {},
      s('title', {}, label),
      ...parts.map(({ kind, from, to }) => s('rect', { class: kind, ...at, y: y(to), height: y(from) - y(to) })),
    )
  })
  const labels = labelled(bins.length).flatMap((index) => {
    const bin = bins[index]
    if (bin === undefined) return []
    const anchor = index === 0 ? 'start' : index > 0.9 * Math.max(LEAST_SLOTS, bins.length) ? 'end' : 'middle'
    const x = anchor === 'start' ? LEFT_PERCENT : anchor === 'end' ? LEFT_PERCENT + (index + 1) * slot : middle(index)
    return [s('text', { x: percent(x), y: ABOVE + PLOT + 18, 'text-anchor': anchor }, formatShortDay(bin.day))]
  })
  const title = s('title', { id: 'report-picture-title' }, t('reportPictureTitle'))
  const description = s('desc', { id: 'report-picture-desc' }, describe(report))
  const svg = s(
    'svg',
    {
      class: 'picture',
      role: 'img',
      'aria-labelledby': title.id,
      'aria-describedby': description.id,
      width: '100%',
      height: ABOVE + PLOT + BELOW,
    },
    title,
    description,
    ...grid,
    ...bars,
    ...labels,
  )
  const figure = h('figure', { class: 'card' })
  figure.append(svg, legend(report))
  return figure
}

/** The description for people who cannot see the picture: the sum, and the worst day. */
function describe(report: PilotReport): string {
  const worst = report.days.reduce<PilotReport['days'][number] | null>(
    (most, day) => (day.left > (most?.left ?? 0) ? day : most),
    null,
  )
  const lead = leadText(report.total)
  return worst === null ? lead : `${lead} ${t('reportWorstDay', formatDay(worst.day), formatNumber(worst.left))}`
}

function legend({ total: { left, ended } }: PilotReport): HTMLElement {
  const item = (kind: string, words: string) => h('li', {}, h('span', { class: `swatch ${kind}` }), words)
  return h(
    'figcaption',
    {},
    h(
      'ul',
      { class: 'legend' },
      item('ended', t('reportLegendEnded')),
      ...(left > ended ? [item('unended', t('reportLegendUnended'))] : []),
      item('fine', t('reportLegendFine')),
    ),
  )
}

/** The next round even number: 2, 4, 6, 8, 10, 12, 16, 20, 24, 30... */
function niceTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most))
  const steps = [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10, 20].map((step) => Math.round(step * power))
  return steps.find((top) => top >= most && top % 2 === 0) ?? 2 * most
}

/** The bars with a label: the first, the last, and one in the middle if there is room. */
function labelled(bars: number): number[] {
  if (bars <= 1) return [0]
  return bars < 7 ? [0, bars - 1] : [0, Math.floor((bars - 1) / 2), bars - 1]
}
