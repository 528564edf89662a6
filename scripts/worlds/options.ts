import { parseArgs } from 'node:util'

export const USAGE = `npm run worlds -- [--seed N] [--minutes M] [--browser NAME]... [--dry-run]
npm run worlds -- --committed
npm run worlds -- --field [--browser NAME]...
npm run worlds -- --cover [--seed N]

Each world that fails joins the committed set, test/e2e/worlds/worlds.json.

  --seed       the first world's seed (1); each further world has the next number
  --minutes    no new batch of worlds begins after so many minutes (10)
  --browser    chromium or firefox; may be repeated (both)
  --dry-run    leaves the committed set as it is, whatever fails
  --committed  plays the committed set, half of it in each browser; \`npm test\` plays the half of Chromium
  --field      has the field check identify ten worlds in each browser, about 20 minutes each
  --cover      adds worlds to the committed set until it contains every pair of values`

export interface WorldsOptions {
  readonly play: 'random' | 'committed' | 'field' | 'cover'
  readonly seed: number
  readonly minutes: number
  readonly browsers: readonly string[]
  /** Whether a world that fails joins the committed set. */
  readonly joins: boolean
}

/** The options of a command line; null where the usage is asked for, or a number makes no sense. */
export function optionsOf(args: readonly string[]): WorldsOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '10' },
      browser: { type: 'string', multiple: true, default: ['chromium', 'firefox'] },
      'dry-run': { type: 'boolean', default: false },
      committed: { type: 'boolean', default: false },
      field: { type: 'boolean', default: false },
      cover: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const { browser: browsers, cover, committed, field, help } = values
  const seed = Number(values.seed)
  const minutes = Number(values.minutes)
  const isSense = Number.isInteger(seed) && seed >= 0 && minutes > 0
  if (help || !isSense) return null
  const play = cover ? 'cover' : committed ? 'committed' : field ? 'field' : 'random'
  return { play, seed, minutes, browsers, joins: !values['dry-run'] }
}
