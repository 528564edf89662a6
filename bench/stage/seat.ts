import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName } from '../../test/browser'
import { shipped } from '../../test/e2e/builds'
import type { Stage } from '../../test/e2e/stage'
import { openStage } from '../../test/e2e/stage'
import type { Instance } from '../../test/instance/instance'
import type { LogResult } from '../judge/run-result'
import type { Contender } from '../matrix/cell'
import { calm } from './conditions'
import type { TimedDisplay } from './key-times'
import { AGENT_OF, LASTING } from './tenants'

/** A contender's browser, which makes all its runs. */
export interface Seat {
  readonly contender: Contender
  readonly stage: Stage
  readonly username: string
  /** The aliases of the instances whose session the profile keeps across restarts. */
  readonly signedIn: ReadonlySet<string>
  /** The ids of the log entries that have been assigned to a run. */
  readonly seen: Set<string>
  /** The log of the last run, to which late entries are added. */
  last: LogResult | null
  close(): Promise<void>
}

const EXTENSION: { readonly [C in Contender]: ((browser: BrowserName) => string) | null } = {
  signoff: shipped,
  'aws-snippet': () => join(__dirname, '../contenders/aws-snippet'),
  keepalive: () => join(__dirname, '../contenders/keepalive'),
  none: null,
}

/** Opens a browser for the contender. All contenders share the instance and the display. */
export async function openSeat(
  browser: BrowserName,
  contender: Contender,
  on: { readonly instance: Instance; readonly display: TimedDisplay },
): Promise<Seat> {
  const extension = EXTENSION[contender]
  // The others keep nothing for the next start.
  const profileDir = contender === 'signoff' ? await mkdtemp(join(tmpdir(), 'bench-profile-')) : undefined
  const stage = await openStage({
    browser,
    on,
    ...(extension !== null && { extensionDir: extension(browser) }),
    ...(profileDir !== undefined && { profileDir }),
  })
  const username = AGENT_OF[contender]
  calm(on.instance)
  if (profileDir !== undefined) await signInForGood(stage, username)
  return {
    contender,
    stage,
    username,
    signedIn: new Set(profileDir === undefined ? [] : LASTING),
    seen: new Set(),
    last: null,
    close: async () => {
      await stage.close()
      if (profileDir !== undefined)
        await rm(profileDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}

/**
 * Signs the agent in at the instances whose sessions outlive the browser, and restarts the browser: browsers store
 * cookies only seconds after they arrive, so a kill during the first run could lose them.
 */
async function signInForGood(stage: Stage, username: string): Promise<void> {
  for (const alias of LASTING) {
    // Not by opening a CCP, whose end would be a close.
    const query = new URLSearchParams({ as: username, next: '/connect/whitelisted-origins' })
    await stage.browser.home.driver.goto(`${stage.instance.url.signIn({ alias })}?${query.toString()}`)
  }
  await stage.restart()
}

/**
 * The entries of closes since `since` (ms since the epoch) that belong to no run yet. Older entries are counted as late
 * entries of the last run.
 */
export async function newInLog({ stage, seen, last }: Seat, since: number): Promise<LogEntry[]> {
  const fresh = (await stage.log()).filter(({ id }) => !seen.has(id))
  for (const { id } of fresh.filter(({ at }) => at < since)) {
    seen.add(id)
    if (last !== null) last.late += 1
  }
  return fresh.filter(({ at }) => at >= since)
}

/** The part of the extension API that is used here. Firefox has it under this name too. */
declare const chrome: { runtime: { sendMessage(message: object): Promise<unknown> } }

/** Dismisses the flags of earlier runs: their notifications would keep Chromium running when its windows are closed. */
export async function clearUp({ stage }: Seat): Promise<void> {
  const { flags } = await stage.storedState()
  for (const { closeId } of flags) {
    await stage.browser.extension.readStore(
      (id: string) => chrome.runtime.sendMessage({ kind: 'ui', type: 'dismiss_flag', closeId: id }).then(() => null),
      closeId,
    )
  }
}
