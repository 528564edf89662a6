import { BACKGROUND } from '../../test/e2e/stage'
import type { Cell } from './cell'
import { CLOSES, COOKIES, idOf, NETWORKS } from './cell'
import { BROWSERS } from './chosen'

/**
 * The cells whose ids contain one of the patterns, or match it completely where it has a `*`. A pattern that is the
 * whole id of a cell outside the matrix adds that cell. Without patterns, all cells.
 */
export function cellsThatFit(cells: readonly Cell[], patterns: readonly string[]): readonly Cell[] {
  if (patterns.length === 0) return cells
  const fitting = cells.filter((cell) => patterns.some((pattern) => fits(idOf(cell), pattern)))
  const known = new Set(fitting.map(idOf))
  const others = patterns.flatMap((pattern) => (known.has(pattern) ? [] : (cellNamed(pattern) ?? [])))
  return [...fitting, ...others]
}

function fits(id: string, pattern: string): boolean {
  if (!pattern.includes('*')) return id.includes(pattern)
  const source = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${source.join('.*')}$`).test(id)
}

function cellNamed(id: string): Cell | undefined {
  const [browser, close, network, background, cookies, ...more] = id.split('/')
  const cell = {
    browser: BROWSERS.find((name) => name === browser),
    close: CLOSES.find((name) => name === close),
    network: NETWORKS.find((name) => name === network),
    background: BACKGROUND.find((name) => name === background),
    cookies: COOKIES.find((name) => name === cookies),
  }
  return more.length === 0 && Object.values(cell).every((part) => part !== undefined) ? (cell as Cell) : undefined
}
