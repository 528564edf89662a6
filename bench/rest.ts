/**
 * What the extension costs while an agent is Available and nothing happens, in real browsers: how often the background
 * starts and stores, and what the whole browser uses, compared with no extension, a trivial one and AWS's snippet.
 * `npm run bench -- --rest [--seconds N] [--browser NAME]... [--heartbeat] [--json FILE]`. It prints figures; none is a
 * failure. `--heartbeat` measures the background again with heartbeats to a watchdog, and what these cost.
 */
import { writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { BrowserName } from '../test/browser'
import { until } from '../test/browser'
import { shipped } from '../test/e2e/builds'
import { storeSettings } from '../test/e2e/own-store'
import type { Stage } from '../test/e2e/stage'
import { openStage } from '../test/e2e/stage'
import { measureBeside } from './rest/beside'
import { heartbeatFigures, linesOf, perHour, round, startsIn } from './rest/figures'
import type { RestFigures } from './rest/figures'
import { startCounter, takeCounts } from './rest/counter'
import { startReceiver } from './rest/receiver'

const SECRET = 'a-secret-of-the-bench-of-thirty-two'

/** How often to check whether the background runs, in ms. A stopped background stays stopped for at least a second. */
const LOOK_MS = 250

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rest: { type: 'boolean' },
      seconds: { type: 'string', default: '300' },
      browser: { type: 'string', multiple: true, default: ['chromium', 'firefox'] },
      heartbeat: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  })
  const seconds = Number(values.seconds)
  const browsers = (['chromium', 'firefox'] as const).filter((name) => values.browser.includes(name))
  const kinds = browsers.flatMap((browser) =>
    (values.heartbeat ? [false, true] : [false]).map((withHeartbeat) => [browser, withHeartbeat] as const),
  )
  // Concurrently, each with its own display and instance: nearly all of it is waiting.
  const results = await Promise.all(kinds.map(([browser, withHeartbeat]) => measure(browser, seconds, withHeartbeat)))
  for (const result of results) console.log(sentenceOf(result))
  // In browsers of their own: the checks above keep a browser busy.
  for (const browser of browsers) {
    console.log(`\n${browser}, the whole browser, an agent Available for ${seconds} s`)
    for (const line of linesOf(await measureBeside(browser, seconds))) console.log(line)
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`)
}

function sentenceOf({ browser, seconds, startsAnHour, writesAMinute, runningPercent, heartbeat }: RestFigures): string {
  const figures = [
    `${startsAnHour} starts an hour`,
    `${writesAMinute} writes a minute`,
    `running for ${runningPercent} % of the time`,
    ...(heartbeat === null
      ? []
      : [
          `${heartbeat.anHour} heartbeats and ${heartbeat.preflightsAnHour} preflights an hour`,
          `${heartbeat.bytesSent} bytes out and ${heartbeat.bytesReceived} in for each, without TLS`,
        ]),
  ]
  return `${browser}, an agent Available for ${seconds} s: ${figures.join(', ')}`
}

async function measure(browser: BrowserName, seconds: number, withHeartbeat: boolean): Promise<RestFigures> {
  const stage = await openStage({
    browser,
    extensionDir: shipped(browser),
    extraPrefs: { 'extensions.webextOptionalPermissionPrompts': false },
  })
  const receiver = withHeartbeat ? await startReceiver(SECRET) : null
  try {
    if (receiver !== null) await askForHeartbeats(stage, receiver.url)
    await stage.openAvailable(stage.instance.url.ccp('v2', { signInAs: 'alice' }))
    const { extension } = stage.browser
    const store = await extension.openPage('manifest.json')
    await store.evaluate(startCounter)
    const looks: boolean[] = []
    const end = Date.now() + seconds * 1_000
    while (Date.now() < end) {
      looks.push(await extension.backgroundRuns())
      await delay(LOOK_MS)
    }
    const { writes } = await store.evaluate(takeCounts)
    const awake = looks.filter(Boolean).length / looks.length
    await receiver?.close()
    return {
      browser,
      seconds,
      startsAnHour: round(perHour(startsIn(looks), seconds), 1),
      writesAMinute: round(perHour(writes, seconds) / 60, 2),
      runningPercent: round(awake * 100, 0),
      heartbeat: receiver === null ? null : heartbeatFigures(receiver.received, seconds),
    }
  } finally {
    await stage.close()
  }
}

/** Sets what a policy would set. In Firefox it also consents to the address, since no policy has named it. */
async function askForHeartbeats({ browser }: Stage, watchdogEndpoint: string): Promise<void> {
  const settings = { watchdogEndpoint, watchdogSecret: SECRET, agentIdentity: 'user_name' }
  await storeSettings(browser, settings)
  if (browser.name === 'chromium') return
  const health = await browser.extension.openPage('options.html#health')
  const isOffered = () =>
    health.evaluate(() => document.querySelector<HTMLElement>('#watchdog-allow')?.hidden === false)
  await until('the button', isOffered)
  await health.toFront()
  await health.click('#watchdog-allow')
  await until('the consent', async () => !(await isOffered()))
  await health.discard()
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
