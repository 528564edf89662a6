/** Shows a browser that is killed and never started again: the organization's watchdog sets its agent Offline. */
import type { WatchdogStatus } from '../../src/domain/heartbeat/heartbeat-status'
import type { Heartbeat } from '../../src/protocol/heartbeat'
import { until } from '../../test/browser'
import { storeSettings } from '../../test/e2e/own-store'
import type { StateEntry } from '../../test/instance/instance'
import { startLocalWatchdog } from '../../test/watchdog/local-watchdog'
import type { Scene } from './scene'
import { tell } from './tell'

interface Cast {
  readonly alias: string
  readonly agent: { readonly username: string; readonly name: string }
}

/** The part of the extension API that is used here. Firefox has it under this name too. */
declare const chrome: {
  runtime: { sendMessage(message: object): Promise<unknown> }
}

const SECRET = 'a-secret-of-this-demo'
/** The watchdog's goal is two minutes; the demo waits for three. */
const GOAL_MS = 180_000

/**
 * Kills the browser of an Available agent. Resolves with the
 * exit code: 0 where the watchdog set the agent Offline in time.
 */
export async function showKill(scene: Scene, { alias, agent }: Cast): Promise<number> {
  const { instance, browser } = scene
  let killedAt: number | null = null
  const moment = (teller: Parameters<typeof tell.moment>[1], text: string, at = Date.now()): void =>
    tell.moment(killedAt === null ? null : at - killedAt, teller, text)
  const watchdog = await startLocalWatchdog({
    instance,
    alias,
    secret: SECRET,
    onHeartbeat: (heartbeat) => moment('Signoff', sentenceOf(heartbeat)),
    onRecord: (record) => moment('Watchdog', 'Body' in record ? String(record.Body) : JSON.stringify(record)),
  })
  const stopWatching = instance.journal.watch((entry) => {
    if (entry.kind === 'state') moment('Connect', `recorded ${entry.to.name}, after ${entry.from.name}`, entry.at)
    if (entry.kind === 'request' && entry.answeredAt !== undefined && entry.operation === 'PutUserStatus') {
      moment('Connect', `answered PutUserStatus (${entry.error ?? String(entry.status)})`, entry.answeredAt)
    }
  })
  const stopSweeping = watchdog.schedule()
  try {
    tell.heading('The watchdog, on this machine: ingest, DynamoDB, and a sweep each minute that checks every 15 s')
    tell.pair('heartbeats to', watchdog.url)
    await configure(scene, watchdog.url)
    tell.heading(`${agent.name} opens the CCP and is Available`)
    await scene.openCcp(agent.username)
    const first = await watchdog.heartbeat('of an Available agent', ({ isAvailable }) => isAvailable, 60_000)
    await watchdog.heartbeat(
      'half a minute later',
      ({ seq, isAvailable }) => isAvailable && seq > first.heartbeat.seq,
      60_000,
    )

    tell.heading('The browser is killed (SIGKILL), and never started again')
    const mark = instance.journal.mark()
    const last = watchdog.taken.at(-1)?.at ?? Date.now()
    killedAt = Date.now()
    await browser.signal('SIGKILL')
    tell.line(
      `Its last heartbeat was ${Math.round((killedAt - last) / 1_000)} s before. From now on nothing reports about the agent.`,
    )
    const offline = await instance.journal
      .waitForState({ agent: agent.username, type: 'offline' }, { after: mark, timeoutMs: GOAL_MS })
      .catch(() => null)
    // The sweep checks afterwards whether the agent is Offline.
    if (offline !== null) await watchdog.outcome(agent.username, 60_000)
    return judge(offline, last)
  } finally {
    stopSweeping()
    stopWatching()
    await watchdog.close()
  }
}

/** Sets what a policy would set: the watchdog's address, its secret, and that heartbeats name the agent. */
async function configure({ browser }: Scene, watchdogEndpoint: string): Promise<void> {
  const settings = { watchdogEndpoint, watchdogSecret: SECRET, agentIdentity: 'user_name' }
  await storeSettings(browser, settings)
  const status = async (): Promise<WatchdogStatus> => {
    const answer = await browser.extension.readStore(() =>
      chrome.runtime.sendMessage({ kind: 'ui', type: 'watchdog_status' }),
    )
    return (answer as { value: WatchdogStatus }).value
  }
  if ((await status()).withheld.length > 0) {
    tell.line('No policy names the address, so Firefox asks for consent: the demo presses “Allow access” in Health.')
    const health = await browser.extension.openPage('options.html#health')
    await health.toFront()
    await health.click('#watchdog-allow')
    await until('the consent', async () => (await status()).withheld.length === 0)
    await health.discard()
  }
}

function sentenceOf({ agent, isAvailable, state, ccps, flag }: Heartbeat): string {
  const flagged = flag === null ? '' : ', a close flagged'
  const open = ccps === 1 ? '1 CCP open' : `${ccps} CCPs open`
  return `heartbeat: ${agent.slice(2)} ${isAvailable ? 'takes contacts' : 'takes no contacts'} (${state.name}), ${open}${flagged}`
}

function judge(offline: StateEntry | null, last: number): number {
  if (offline === null) {
    tell.verdict(false, `Connect has not recorded Offline within ${GOAL_MS / 1_000} s.`)
    return 1
  }
  const seconds = ((offline.at - last) / 1_000).toFixed(1)
  const isGood = offline.cause.by === 'public-api'
  tell.verdict(isGood, `Connect recorded Offline ${seconds} s after the last heartbeat, by ${offline.cause.by}.`)
  return isGood ? 0 : 1
}
