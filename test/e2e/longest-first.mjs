import { basename } from 'node:path'
import Sequencer from '@jest/test-sequencer'

/** The stories whose files take longer than a minute (measured), the longest first. */
const LONGEST = [
  'closes',
  'field-check',
  'recovery',
  'returns',
  'slow',
  'crash-protection',
  'policy',
  'faults',
  'meanwhile',
  'hostile',
  'away',
  'several',
  'in-worlds',
  'reload',
  'stays',
  'situations',
  'contacts',
  'pages',
  'languages',
  'last-window',
]

/**
 * Starts the longest files first: one that starts late runs alone at the end, while the other workers have nothing to do. Jest
 * itself goes by a file's size, and by how long it took the last time, which a fresh clone does not know.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const place = LONGEST.indexOf(basename(path).split('.')[0])
      return place === -1 ? LONGEST.length : place
    }
    return super.sort(tests).toSorted((a, b) => rank(a) - rank(b))
  }
}
