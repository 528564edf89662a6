import { gzipSync } from 'node:zlib'
import type { Files } from './zip'

/**
 * Every CCP loads the page's bridge before anything of its own. In bytes, compressed as a server would.
 *
 * 15,000: the bridge has to know what a real instance does (contacts that put a state over the agent's choice, Streams that
 * hides, log-outs by script, links that leave nothing), and each of these costs about half a kilobyte; it judges evidence and
 * state periods by the same modules as the background, which are 1.2 kB. The script is read
 * from the disk, so that size counts by the time it takes to compile: about 1 ms for each 40 kB of source, and a bridge of
 * this budget has about 45 kB. The stock page itself loads more than 1 MB.
 */
const BUDGETS: Readonly<Record<string, number>> = { 'page.js': 15_000 }

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

/** What is larger than it may be, in a sentence each; a file that has a budget and is not there is one of them. */
export function overBudget(sizes: readonly Size[]): string[] {
  const missing = Object.keys(BUDGETS).filter((name) => !sizes.some(({ file }) => file === name))
  const over = sizes.filter(({ gzipped, budget }) => budget !== null && gzipped > budget)
  return [
    ...missing.map((file) => `${file} is not there.`),
    ...over.map(({ file, gzipped, budget }) => `${file}: ${gzipped} bytes, and may have ${String(budget)}.`),
  ]
}
