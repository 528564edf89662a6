import type { Flag } from '../../src/domain/closes/state'
import type { LogEntry } from '../../src/domain/log-entry'
import { until } from '../browser'
import type { Stage } from './stage'

/** What says how a close has ended: its entry, or the flag of its agent while the entry is still to come. */
export type CloseEnd = LogEntry | Flag

/** Whether the instance answers the extension's own calls. Where it refuses them, nobody can confirm a close. */
export const isExtensionAnswered = ({ instance }: Stage): boolean =>
  instance.tenant().world.extensionOrigin === 'accepted'

/**
 * The outcome of a close whose page has set the agent Offline. Where nobody can confirm it, the page may have heard the instance's
 * answer before it was gone, or not.
 */
export const outcomeOfOffline = (stage: Stage): unknown =>
  isExtensionAnswered(stage) ? 'confirmed' : expect.stringMatching(/^(accepted|unconfirmed)$/)

export interface CloseEndOptions {
  /** How many entries there are with that of the close: 1 unless told. */
  readonly count?: number
  readonly username?: string
  /** Entries with this cause are not counted. */
  readonly except?: LogEntry['cause']
}

/**
 * Waits for the end of a close, which is the last of `count` after `before`: its entry. Where the instance refuses extensions, the
 * flag of the agent will do: the entry waits until the agent answers the offer of a CCP, or is back.
 */
export async function closeEnd(
  stage: Stage,
  before: readonly LogEntry[],
  { count = 1, username = 'alice', except }: CloseEndOptions = {},
): Promise<CloseEnd> {
  const isFlagEnough = !isExtensionAnswered(stage)
  const known = new Set(before.map(({ id }) => id))
  const ends = await until(
    `the end of a close of ${username}`,
    async (): Promise<readonly CloseEnd[] | false> => {
      const entries = (await stage.log()).filter(({ id, cause }) => !known.has(id) && cause !== except)
      if (entries.length >= count) return entries
      if (!isFlagEnough || entries.length < count - 1) return false
      const flag = (await stage.storedState()).flags.find((one) => one.username === username)
      return flag !== undefined && [...entries, flag]
    },
    // A denial counts only after a minute or two, as in Streams.
    { timeout: 150_000 },
  )
  expect(ends).toHaveLength(count)
  const last = ends.at(-1)
  if (last === undefined) throw new Error('No entry')
  return last
}

/** Waits until the agent's earlier closes have their entries: a flag is followed by one only when the agent is back. */
export async function earlierClosesLogged(stage: Stage, username = 'alice'): Promise<void> {
  await until('the earlier closes to be logged', async () => {
    const { closes, unlogged } = await stage.storedState()
    const own = Object.values(closes).filter((close) => close.username === username)
    return unlogged.length === 0 && own.every(({ verdict }) => verdict !== null)
  })
}
