import type { BrowserName } from '../../browser'
import type { AxisName, World } from '../../instance/world/axes'
import { RECORDED } from '../../instance/world/axes'
import { committedWorlds } from './committed'

/** Why stories need an axis as it was recorded. `docs/limits.md` lists each reason, and the names of the stories. */
export const REASONS = {
  asks: 'the background mends what these stories are about by asking the instance, which must not refuse it.',
  counts: 'these stories have the agent Offline by a request of the page, or count its requests: none may be lost.',
  tokens: 'these stories say which request was accepted: a fresh token is taken at once.',
  order: 'these stories say who saw a change first: it shows at once.',
  evidence:
    'these stories say that the background has set Offline; where the answer to it has unknown fields, it is not taken for Amazon Connect’s, and the look after it counts.',
  renews: 'these stories renew a token before it expires: the page is told when that is.',
  poll: 'these stories wait for the poll that ends with the SharedWorker, which was not seen to end over HTTP/2.',
} as const

type Reason = keyof typeof REASONS
type Keeps = Readonly<Partial<Record<AxisName, Reason>>>

/**
 * How a file of stories is played: in a committed world for each browser, except for the axes that it needs as
 * recorded.
 */
interface Played {
  readonly in: Readonly<Partial<Record<BrowserName, string>>>
  readonly keeps: Keeps
}

const ASKS = { extensionOrigin: 'asks' } as const
const COUNTS = { puts: 'counts' } as const
const PUTS = { ...ASKS, ...COUNTS } as const
const TOKENS = { ...PUTS, freshTokens: 'tokens' } as const
const CLOSE = { ...TOKENS, showsAfterMs: 'order' } as const
const EVIDENCE = { ...CLOSE, unknownFields: 'evidence' } as const

/** Each file of stories, by its name. */
export const PLAYED: Readonly<Record<string, Played>> = {
  away: { in: { chromium: 'world 2' }, keeps: PUTS },
  closes: { in: { chromium: 'world 2', firefox: 'world 1' }, keeps: EVIDENCE },
  'contact-states': { in: { chromium: 'world 9' }, keeps: EVIDENCE },
  contacts: { in: { chromium: 'world 4' }, keeps: EVIDENCE },
  'crash-protection': { in: { chromium: 'world 6' }, keeps: PUTS },
  faults: { in: { chromium: 'world 8' }, keeps: { ...EVIDENCE, expiration: 'renews' } },
  fleet: { in: { chromium: 'world 10' }, keeps: ASKS },
  hold: { in: { chromium: 'world 12' }, keeps: { ...COUNTS, freshTokens: 'tokens', showsAfterMs: 'order' } },
  hostile: { in: { chromium: 'world 4', firefox: 'world 3' }, keeps: PUTS },
  languages: { in: { chromium: 'world 13' }, keeps: {} },
  'last-window': { in: { chromium: 'world 18', firefox: 'recorded' }, keeps: PUTS },
  late: { in: { chromium: 'world 20' }, keeps: {} },
  'leave-dialog': { in: { chromium: 'world 22' }, keeps: PUTS },
  'log-outs': { in: { chromium: 'world 9', firefox: 'world 20' }, keeps: { freshTokens: 'tokens' } },
  meanwhile: { in: { chromium: 'world 1' }, keeps: PUTS },
  notices: { in: { chromium: 'worst' }, keeps: ASKS },
  pages: { in: { chromium: 'world 8' }, keeps: ASKS },
  policy: { in: { chromium: 'world 7', firefox: 'world 4' }, keeps: ASKS },
  popup: { in: { chromium: 'world 11' }, keeps: CLOSE },
  recovery: { in: { chromium: 'world 11' }, keeps: CLOSE },
  reload: { in: { chromium: 'world 17' }, keeps: { ...COUNTS, showsAfterMs: 'order' } },
  restore: { in: { chromium: 'world 15', firefox: 'world 9' }, keeps: { ...PUTS, unknownFields: 'evidence' } },
  returns: { in: { chromium: 'world 17' }, keeps: TOKENS },
  scope: { in: { chromium: 'world 19' }, keeps: {} },
  separate: { in: { chromium: 'world 21' }, keeps: { ...PUTS, unknownFields: 'evidence' } },
  several: { in: { chromium: 'world 16' }, keeps: PUTS },
  situations: { in: { chromium: 'world 12', firefox: 'world 20' }, keeps: TOKENS },
  slow: { in: { chromium: 'world 6' }, keeps: EVIDENCE },
  stays: { in: { chromium: 'world 21' }, keeps: COUNTS },
  stock: { in: { chromium: 'recorded', firefox: 'world 11' }, keeps: { ...CLOSE, polling: 'poll', http: 'poll' } },
  update: { in: { chromium: 'world 14', firefox: 'recorded' }, keeps: ASKS },
  watchdog: { in: { chromium: 'world 12', firefox: 'recorded' }, keeps: {} },
}

/** The world in which a file of stories is played; the recorded one if none is listed. */
export function worldOfStories(stories: string, browser: BrowserName): World {
  const played = PLAYED[stories]
  const name = played?.in[browser] ?? 'recorded'
  const world = committedWorlds().find((one) => one.name === name)?.world
  if (world === undefined) throw new Error(`There is no committed world "${name}".`)
  const kept = Object.keys(played?.keeps ?? {}).map((axis) => [axis, RECORDED[axis as AxisName]] as const)
  return { ...world, ...(Object.fromEntries(kept) as Partial<World>) }
}

/** What stories need as it was recorded, in the words of `docs/limits.md`: one line for each axis and reason. */
export function keptInWords(): { readonly because: string; readonly text: string }[] {
  const lines = new Map<string, { because: Reason; axis: string; stories: string[] }>()
  for (const [stories, { keeps }] of Object.entries(PLAYED)) {
    for (const [axis, because] of Object.entries(keeps)) {
      const line = lines.get(`${axis} ${because}`) ?? { because, axis, stories: [] }
      lines.set(`${axis} ${because}`, { ...line, stories: [...line.stories, `\`${stories}\``] })
    }
  }
  return [...lines.values()].map(({ because, axis, stories }) => {
    return { because, text: `- **\`${axis}\`:** ${REASONS[because]} (${stories.join(', ')})` }
  })
}
