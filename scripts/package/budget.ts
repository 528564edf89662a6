import { gzipSync } from 'node:zlib'
import type { Files } from './zip'

/**
 * The largest size of a script, gzipped, in bytes.
 *
 * `page.js` is the bridge, which every CCP loads before its own scripts. It handles what real instances do (contacts
 * that put a state over the agent's choice, pages that hide Streams, log-outs by script, links that do not unload the
 * page, connections that go cold), about half a kilobyte each, and includes the background's modules for evidence and
 * state periods, 1.2 kB.
 * Since the browser reads the script from the disk, what its size costs is the time to compile it: about 1 ms for 40 kB
 * of source. A bridge at its budget has about 45 kB of source; the stock page itself loads more than 1 MB.
 */
const BUDGETS: Readonly<Record<string, number>> = { 'page.js': 16_500 }

/** Sizes in bytes; `budget` is null for a script that has none. */
export interface Size {
  readonly file: string
  readonly bytes: number
  readonly gzipped: number
  readonly budget: number | null
}

/** The sizes of all scripts of a build, the largest first. */
export function sizesOf(files: Files): Size[] {
  return Object.entries(files)
    .filter(([file]) => file.endsWith('.js'))
    .map(([file, data]) => ({
      file,
      bytes: data.length,
      gzipped: gzipSync(data, { level: 9 }).length,
      budget: BUDGETS[file] ?? null,
    }))
    .sort((a, b) => b.gzipped - a.gzipped)
}

/** A sentence for each script that exceeds its budget, or has a budget and is missing. */
export function overBudget(sizes: readonly Size[]): string[] {
  const missing = Object.keys(BUDGETS).filter((name) => !sizes.some(({ file }) => file === name))
  const over = sizes.filter(({ gzipped, budget }) => budget !== null && gzipped > budget)
  return [
    ...missing.map((file) => `${file} is missing.`),
    ...over.map(({ file, gzipped, budget }) => `${file}: ${gzipped} bytes, of ${String(budget)} allowed.`),
  ]
}
