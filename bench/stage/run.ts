import { setTimeout as delay } from 'node:timers/promises'
import type { LogEntry } from '../../src/domain/log-entry'
import { until } from '../../test/browser'
import type { Page } from '../../test/browser'
import type { Stage } from '../../test/e2e/stage'
import type { World } from '../../test/instance/world/axes'
import { recordSince } from '../judge/record'
import type { LogResult, RunResult } from '../judge/run-result'
import { judge } from '../judge/truth'
import type { Cell, Contender, Network } from '../matrix/cell'
import { endsBrowser, idOf, roundTripOf } from '../matrix/cell'
import type { Closed } from './close'
import { close } from './close'
import { calm, GONE_MS, strike } from './conditions'
import type { TimedDisplay } from './key-times'
import { openCcps } from './open-ccps'
import type { Seat } from './seat'
import { clearUp, newInLog } from './seat'
import { openingsOf } from './tenants'

/** How long to wait for Offline, and how long for the entries in the log. */
interface Patience {
  readonly offlineMs: number
  readonly entriesMs: number
}

/** How long to wait for Offline with contenders that end with their page: after this nothing can come from them. */
const WATCHED_MS: { readonly [C in Exclude<Contender, 'signoff'>]: number } = {
  'aws-snippet': 3_000,
  keepalive: 3_000,
  none: 1_000,
}
const ASKING_AFTER_MS: { readonly [N in Network]: number } = {
  warm: 10_000,
  h2: 10_000,
  cold: 10_000,
  'idle-10': 10_000,
  'idle-60': 10_000,
  'first-fails': 10_000,
  late: 10_000,
  refused: 10_000,
  stale: 10_000,
  // The background asks again with a back-off.
  throttled: 15_000,
  gone: GONE_MS + 20_000,
}
const RESTARTED_MS = 20_000
/**
 * If a page dies while the background is stopped, the background
 * notices when it next wakes, which it does once a minute.
 */
const UNNOTICED_MS = 80_000
/** How much longer to wait in a world where the instance loses puts, refuses fresh tokens, or shows changes late. */
const HARD_WORLD_MS = 50_000
/** Entries follow the last event of a close by some seconds. */
const ENTRIES_MS = 15_000
/** A close's entry comes last: by then the instance has recorded Offline, or is about to. */
const AFTER_ENTRY_MS = 500

/**
 * Makes one run: opens the CCPs, closes them, waits for Offline and the entries, and judges. Throws where that fails.
 */
export async function runOnce(seat: Seat, cell: Cell, run: number, display: TimedDisplay): Promise<RunResult> {
  const { stage, contender } = seat
  const { instance } = stage
  calm(instance)
  if (stage.browser.hasExited()) await stage.restart()
  const began = Date.now()
  if (contender === 'signoff') {
    await newInLog(seat, began)
    await clearUp(seat)
  }
  let callOff = (): void => undefined
  try {
    const pages = await openCcps(seat, cell)
    await pages[0].toFront()
    if (contender === 'signoff') await stage.ready(pages[0], cell.background)
    const mark = instance.journal.mark()
    callOff = strike(instance, cell.network)
    const closed = await close(cell.close, { stage, display, page: pages[0] })
    const restartsAt = endsBrowser(cell) && contender === 'signoff' ? Date.now() : null
    if (restartsAt !== null) await stage.restart()
    const readyAt = Date.now()
    const patience = patienceFor(cell, contender, instance.tenant().world)
    const entries = contender === 'signoff' ? waitForEntries(seat, cell, began, patience.entriesMs) : null
    const offlineAt = await waitForOffline(seat, cell, mark, patience.offlineMs, entries)
    const log = entries === null ? null : await judged(seat, cell, closed, await entries, mark)
    seat.last = log
    if (!endsBrowser(cell)) await tidy(stage, pages)
    const byRestart = offlineAt !== null && restartsAt !== null && offlineAt > restartsAt
    if (offlineAt !== null && !byRestart) checkCold(cell, offlineAt - closed.at)
    return {
      cell: idOf(cell),
      contender,
      run,
      offlineMs: offlineAt === null ? null : offlineAt - closed.at,
      offlineBy: offlineAt === null ? null : byRestart ? 'restart' : 'close',
      mendedMs: byRestart ? Math.max(0, offlineAt - readyAt) : null,
      goneMs: closed.goneAt === null ? null : closed.goneAt - closed.at,
      log,
      trouble: null,
    }
  } finally {
    callOff()
    calm(instance)
  }
}

/** Throws where Offline came too fast for a cold connection, whose first request leaves only after two round trips. */
function checkCold({ network }: Cell, offlineMs: number): void {
  if (network !== 'cold' || offlineMs >= 2 * roundTripOf(network)) return
  throw new Error(`Offline after ${offlineMs} ms: the connection was not cold`)
}

function patienceFor(cell: Cell, contender: Contender, world: World): Patience {
  if (contender !== 'signoff') return { offlineMs: WATCHED_MS[contender], entriesMs: 0 }
  const isUnnoticed = cell.close === 'renderer' && cell.background === 'stopped'
  const usualMs = isUnnoticed ? UNNOTICED_MS : endsBrowser(cell) ? RESTARTED_MS : ASKING_AFTER_MS[cell.network]
  const isHard = world.puts !== 'applied' || world.freshTokens !== 'taken' || world.showsAfterMs !== '0'
  const offlineMs = usualMs + (isHard ? HARD_WORLD_MS : 0)
  return { offlineMs, entriesMs: offlineMs + ENTRIES_MS }
}

/**
 * When all instances had recorded Offline (ms since the epoch);
 * null where one had not in time, or until the entries came.
 */
async function waitForOffline(
  { stage, username }: Seat,
  cell: Cell,
  after: number,
  timeoutMs: number,
  entries: Promise<unknown> | null,
): Promise<number | null> {
  const aliases = new Set(openingsOf(cell).map(({ alias }) => alias))
  const all = Promise.all(
    [...aliases].map((alias) =>
      stage.instance.journal.waitFor(
        (entry) =>
          entry.kind === 'state' && entry.alias === alias && entry.agent === username && entry.to.type === 'offline',
        { after, timeoutMs },
      ),
    ),
  ).then(
    (states) => Math.max(...states.map(({ at }) => at)),
    () => null,
  )
  if (entries === null) return all
  return Promise.race([all, entries.then(() => delay(AFTER_ENTRY_MS, null))])
}

/**
 * Waits for the close's entries. Resolves with those that are
 * there at the end of the timeout, even if some are missing.
 */
async function waitForEntries(seat: Seat, cell: Cell, since: number, timeout: number): Promise<LogEntry[]> {
  const count = openingsOf(cell).length
  let found: LogEntry[] = []
  const enough = async (): Promise<boolean> => {
    found = await newInLog(seat, since)
    return found.length >= count
  }
  await until('the entries', enough, { timeout, every: 100 }).catch(() => undefined)
  return found
}

async function judged(
  seat: Seat,
  cell: Cell,
  { at }: Closed,
  entries: readonly LogEntry[],
  mark: number,
): Promise<LogResult> {
  const { stage, username, seen } = seat
  for (const { id } of entries) seen.add(id)
  const { flags, closes } = await stage.storedState()
  const ccps = openingsOf(cell).map(({ alias }) => ({ alias, username }))
  const record = recordSince(stage.instance.journal, mark, at)
  const verdict = judge({
    close: cell.close,
    wasStopped: cell.background === 'stopped',
    closedAt: at,
    ccps,
    entries,
    flags,
    accepted: Object.values(closes).filter(({ verdict, check }) => verdict === null && check?.isAccepted === true),
    record,
  })
  return {
    ...verdict,
    told: entries.map(({ outcome, evidence, reason, cause, event, tookMs }) => ({
      outcome,
      evidence,
      reason,
      cause,
      event,
      tookMs,
    })),
    late: 0,
  }
}

/**
 * Closes the tabs that are still open. A new tab goes in front
 * of them, since Chromium keeps a crashed tab in the foreground.
 */
async function tidy({ browser }: Stage, pages: readonly Page[]): Promise<void> {
  const left = pages.filter((page) => !page.isClosed())
  if (left.length === 0) return
  const cover = await browser.newTab('about:blank')
  for (const page of [...left, cover]) await page.discard()
}
