import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WatchdogStatus } from '../../src/domain/heartbeat/heartbeat-status'
import type { UiAnswer } from '../../src/protocol/ui-messages'
import type { BrowserName } from '../browser'
import { until } from '../browser'
import type { LocalWatchdog } from '../watchdog/local-watchdog'
import { SkippingClock, startLocalWatchdog } from '../watchdog/local-watchdog'
import { audit } from './audit'
import { shipped } from './builds'
import { storeSettings } from './own-store'
import type { Stage } from './stage'
import { openStage } from './stage'

/** The part of the extension API that is used here; Firefox has it under this name too. */
declare const chrome: {
  runtime: { sendMessage(message: object): Promise<unknown> }
  notifications: { getAll(): Promise<object> }
}

const SECRET = 'a-secret-of-the-fleet'
/** How often a sweep looks, in ms. */
const SLOT_MS = 15_000

/** A killed browser sends no further heartbeat: the organization's watchdog sets its agent Offline. */
export function describeWatchdog(name: BrowserName): void {
  let stage: Stage
  let watchdog: LocalWatchdog
  let profileDir: string
  const clock = new SkippingClock()

  beforeAll(async () => {
    profileDir = await mkdtemp(join(tmpdir(), 'watchdog-'))
    stage = await openStage({
      browser: name,
      extensionDir: shipped(name),
      profileDir,
      // Firefox grants what a click requests without its own prompt, which the driver cannot press.
      extraPrefs: {
        'extensions.webextOptionalPermissionPrompts': false,
        // Without a desktop that shows notifications, Firefox must be told to show them itself.
        'alerts.useSystemBackend': false,
      },
    })
    watchdog = await startLocalWatchdog({ instance: stage.instance, alias: 'acme', secret: SECRET, clock })
  }, 240_000)
  afterAll(async () => {
    await stage.close()
    await watchdog.close()
    await rm(profileDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  })

  const configure = (values: object): Promise<void> =>
    storeSettings(stage.browser, { watchdogEndpoint: watchdog.url, watchdogSecret: SECRET, ...values })
  const status = async (): Promise<WatchdogStatus> => {
    const answer = await stage.browser.extension.readStore(
      () => chrome.runtime.sendMessage({ kind: 'ui', type: 'watchdog_status' }) as Promise<UiAnswer<WatchdogStatus>>,
    )
    if (!answer.ok) throw new Error(answer.error)
    return answer.value
  }

  /** Skips the time until the next look of a sweep, and runs it. */
  async function lookLater(): Promise<void> {
    clock.skip(SLOT_MS - (clock.now() % SLOT_MS))
    await watchdog.look()
  }

  it('sends nothing without an identity, and says why', async () => {
    await configure({})
    const health = await stage.browser.extension.openPage('options.html#health')
    await health.waitFor(() => document.querySelector('#watchdog')?.textContent.includes('agentIdentity'))
    await audit(health, 'watchdog')
    await configure({ agentIdentity: 'user_name' })
    if (name === 'firefox') {
      // Policy has not set the address, so consent is needed.
      await health.waitFor(() => document.querySelector('#watchdog')?.textContent.includes('Needed'))
      expect(watchdog.taken).toEqual([])
      await health.toFront()
      await health.click('#watchdog-allow')
      await health.waitFor(() => document.querySelector<HTMLElement>('#watchdog-allow')?.hidden === true)
    }
    await health.discard()
    expect(await status()).toMatchObject({ refusal: null, withheld: [] })
  })

  it('the agent of a browser that is killed and not restarted is set Offline within two minutes', async () => {
    const { journal } = stage.instance
    // Sweeps from before: silence only counts after heartbeats have arrived for a while.
    for (let nth = 0; nth < 6; nth += 1) await lookLater()
    await stage.openAvailable(stage.instance.url.ccp('v1', { signInAs: 'alice' }))
    await watchdog.heartbeat('of an Available agent', ({ agent, isAvailable }) => agent === 'n:alice' && isAvailable)
    // Each request that ingest answers costs the organization, so the browser keeps the preflight's answer.
    await until('another heartbeat', () => watchdog.taken.length > 1)
    expect(watchdog.preflights()).toBeLessThanOrEqual(1)
    await until('Health to know it', async () => (await status()).takenAt !== null)
    const mark = journal.mark()
    await stage.leaveStore()
    await stage.browser.signal('SIGKILL')
    const last = watchdog.taken.at(-1)?.at ?? 0
    const isOffline = (): boolean =>
      journal.states.some(({ seq, to, cause }) => seq > mark && to.type === 'offline' && cause.by === 'public-api')
    while (!isOffline() && clock.now() - last < 180_000) await lookLater()
    const [state] = journal.states.filter(({ seq }) => seq > mark)
    if (state === undefined) throw new Error(`Nothing was set: ${JSON.stringify(watchdog.records)}`)
    expect(state).toMatchObject({ agent: 'alice', to: { type: 'offline' }, cause: { by: 'public-api' } })
    const took = clock.at(state.at) - last
    expect(took).toBeGreaterThanOrEqual(90_000)
    expect(took).toBeLessThanOrEqual(120_000)
    expect(watchdog.records).toContainEqual(
      expect.objectContaining({ EventName: 'ccp_signoff.watchdog', Outcome: 'set_offline' }),
    )
  }, 120_000)

  it('the log at the next start says who has set the state, and the agent is notified', async () => {
    await stage.restart()
    await stage.browser.newWindow(stage.instance.url.ccp('v1', { signInAs: 'alice' }))
    await stage.document('alice')
    const entry = await until('the entry to say it', async () =>
      (await stage.log()).find(({ timeline }) => timeline.some(({ event }) => event === 'set_by_watchdog')),
    )
    expect(entry).toMatchObject({ cause: 'browser_ended', stateBefore: { type: 'routable' } })
    await until('the notice', async () => {
      const shown = await stage.browser.extension.evaluateInBackground(() => chrome.notifications.getAll())
      return Object.keys(shown).some((id) => id.startsWith('watchdog:'))
    })
    expect((await status()).act).toMatchObject({ username: 'alice', reason: 'silent', isConfirmed: true })
  }, 120_000)
}
