/**
 * What the extension adds to loading a CCP in real browsers, compared with no extension, a trivial one and AWS's
 * snippet. It prints figures; none is a failure.
 * `npm run bench -- --load [--rounds N] [--slowdown N] [--browser NAME]...`
 */
import { parseArgs } from 'node:util'
import type { CDPSession } from 'puppeteer-core'
import type { BrowserName, Page } from '../test/browser'
import { startDisplay } from '../test/browser'
import { startInstance } from '../test/instance/instance'
import { RECORDED } from '../test/instance/world/axes'
import { ratio } from './judge/statistics'
import type { Load } from './load/figures'
import { figuresOf } from './load/figures'
import type { Contender } from './matrix/cell'
import { withKeyTimes } from './stage/key-times'
import type { Seat } from './stage/seat'
import { openSeat } from './stage/seat'
import { tenantsIn } from './stage/tenants'

/** The trivial extension is `keepalive`, which only sends one request at a close. */
const CONTENDERS = ['none', 'keepalive', 'aws-snippet', 'signoff'] as const satisfies readonly Contender[]

/** How many loads precede the first that counts: in an agent's browser, the code is already cached. */
const WARM_UPS = 2

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      load: { type: 'boolean' },
      rounds: { type: 'string', default: '15' },
      slowdown: { type: 'string', default: '4' },
      browser: { type: 'string', multiple: true, default: ['chromium', 'firefox'] },
    },
  })
  for (const browser of ['chromium', 'firefox'] as const) {
    if (!values.browser.includes(browser)) continue
    // Only Chromium can be slowed down.
    const slowdown = browser === 'chromium' ? Number(values.slowdown) : 1
    const loads = await measure(browser, Number(values.rounds), slowdown)
    console.log(`\n${browser}, ${values.rounds} loads each, processor ${slowdown} times slower`)
    for (const contender of CONTENDERS) console.log(line(contender, loads[contender], loads.none))
  }
}

function line(contender: Contender, loads: readonly Load[], bare: readonly Load[]): string {
  const { loadedMs, addedMs, scriptMs, addedScriptMs } = figuresOf(loads, bare)
  const times = ratio(loadedMs, figuresOf(bare, bare).loadedMs)
  const ms = (value: number | null): string => (value === null ? '–' : `${value.toFixed(0)} ms`)
  const parts = [
    `loaded after ${ms(loadedMs)} (${times === null ? '–' : times.toFixed(2)} times, ${ms(addedMs)} more)`,
    `scripts ${ms(scriptMs)} (${ms(addedScriptMs)} more)`,
  ]
  return `${contender.padEnd(12)} ${parts.join('; ')}`
}

type Loads = Readonly<Record<(typeof CONTENDERS)[number], readonly Load[]>>

async function measure(browser: BrowserName, rounds: number, slowdown: number): Promise<Loads> {
  const on = {
    instance: await startInstance({ tenants: tenantsIn(RECORDED) }),
    display: withKeyTimes(await startDisplay()),
  }
  const loads: Record<(typeof CONTENDERS)[number], Load[]> = { none: [], keepalive: [], 'aws-snippet': [], signoff: [] }
  const seats: { readonly contender: (typeof CONTENDERS)[number]; readonly seat: Seat; readonly load: Loader }[] = []
  try {
    for (const contender of CONTENDERS) {
      const seat = await openSeat(browser, contender, on)
      const url = on.instance.url.ccp('v2', { alias: 'acme', signInAs: seat.username })
      seats.push({ contender, seat, load: await loaderOf(await seat.stage.browser.newWindow(url), slowdown) })
    }
    for (let round = -WARM_UPS; round < rounds; round += 1) {
      for (const { contender, load } of seats) {
        const cost = await load()
        if (round >= 0) loads[contender].push(cost)
      }
    }
    return loads
  } finally {
    for (const { seat } of seats) await seat.close()
    await on.instance.close()
    await on.display.stop()
  }
}

type Loader = () => Promise<Load>

/** Returns a function that reloads the page. The process stays the same, so that starting a new one is not measured. */
async function loaderOf(page: Page, slowdown: number): Promise<Loader> {
  const session = page.browser.name === 'chromium' ? await page.driver.createCDPSession() : null
  await session?.send('Performance.enable')
  await session?.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  return async () => {
    await page.driver.reload()
    // The load event comes earlier; what Streams and the extension do until the agent's state is shown counts as well.
    await page.waitFor(() => document.body.dataset['stateType'] !== undefined)
    const loadedMs = await page.evaluate(() =>
      Math.max(...performance.getEntriesByType('navigation').map((entry) => entry.startTime + entry.duration)),
    )
    return { loadedMs, scriptMs: await scriptMs(session) }
  }
}

/** For how long scripts have run since the load began, in ms; null in Firefox, which does not report it. */
async function scriptMs(session: CDPSession | null): Promise<number | null> {
  if (session === null) return null
  const { metrics } = await session.send('Performance.getMetrics')
  const script = metrics.find(({ name }) => name === 'ScriptDuration')
  return script === undefined ? null : script.value * 1_000
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
