/** Small line drawings, 16 by 16, in the colour of the text around them. Never the only bearer of a meaning. */
const PATHS = {
  check: ['M3.5 8.5 6.5 11.5 12.5 4.5'],
  question: ['M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.3 8.7 8 9.1 8 10', 'M8 12.7v.1'],
  cross: ['M4.5 4.5l7 7', 'M11.5 4.5l-7 7'],
  dash: ['M4 8h8'],
  chevron: ['M6 4l4 4-4 4'],
  warning: ['M8 2.2 14.4 13.4H1.6Z', 'M8 6.4v3.2', 'M8 11.5v.1'],
  power: ['M8 2v5.5', 'M4.6 4.3a5 5 0 1 0 6.8 0'],
  clock: ['M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12Z', 'M8 4.8V8l2.2 1.6'],
  pause: ['M6 4v8', 'M10 4v8'],
  shield: ['M8 1.9 13 3.6V8c0 3-2.2 5.1-5 6.1C5.2 13.1 3 11 3 8V3.6Z'],
  lock: ['M4 7.2h8v6.3H4Z', 'M5.6 7V5a2.4 2.4 0 0 1 4.8 0v2'],
  pin: ['M5.5 2.5h5', 'M6.5 2.5v4L4.5 9h7L9.5 6.5v-4', 'M8 9v4.5'],
  reload: ['M13 8a5 5 0 1 1-1.5-3.6', 'M13.2 2.2v2.9h-2.9'],
} as const

export type GlyphName = keyof typeof PATHS

const SVG = 'http://www.w3.org/2000/svg'

export function glyph(name: GlyphName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 16 16')
  svg.setAttribute('class', 'glyph')
  svg.setAttribute('aria-hidden', 'true')
  for (const d of PATHS[name]) {
    const path = document.createElementNS(SVG, 'path')
    path.setAttribute('d', d)
    svg.append(path)
  }
  return svg
}
