/** What a browser costs while an agent is Available and nothing happens: with Signoff, and with what it is compared to. */
import { setTimeout as delay } from 'node:timers/promises'
import type { BrowserName } from '../../test/browser'
import { startDisplay } from '../../test/browser'
import { startInstance } from '../../test/instance/instance'
import { RECORDED } from '../../test/instance/world/axes'
import { withKeyTimes } from '../stage/key-times'
import type { Seat } from '../stage/seat'
import { openSeat } from '../stage/seat'
import { tenantsIn, waitForState } from '../stage/tenants'
import type { RestContender, UseAtRest } from './figures'
import { REST_CONTENDERS, usedBetween } from './figures'
import type { ProcessUse } from './processes'
import { useOf } from './processes'

/** Until a browser has done what it does after its start, in ms. */
const SETTLED_MS = 30_000

/** Measures all of them at the same time, for so many seconds, in browsers of their own. */
export async function measureBeside(
  browser: BrowserName,
  seconds: number,
): Promise<Readonly<Record<RestContender, UseAtRest>>> {
  const on = {
    instance: await startInstance({ tenants: tenantsIn(RECORDED) }),
    display: withKeyTimes(await startDisplay()),
  }
  const seats: Seat[] = []
  try {
    for (const contender of REST_CONTENDERS) {
      const seat = await openSeat(browser, contender, on)
      seats.push(seat)
      const url = on.instance.url.ccp('v2', { alias: 'acme', signInAs: seat.username })
      const page = await seat.stage.browser.newWindow(url)
      on.instance.agent(seat.username, 'acme').set('routable')
      await waitForState(page, 'routable')
    }
    await delay(SETTLED_MS)
    const before = seats.map(useOfSeat)
    await delay(seconds * 1_000)
    const figures = seats.map((seat, nth) => [
      seat.contender,
      usedBetween(before[nth] ?? useOfSeat(seat), useOfSeat(seat), seconds),
    ])
    return Object.fromEntries(figures) as Record<RestContender, UseAtRest>
  } finally {
    for (const seat of seats) await seat.close()
    await on.instance.close()
    await on.display.stop()
  }
}

/** The driver starts a browser as the head of a process group of its own. */
const useOfSeat = ({ stage }: Seat): ProcessUse => useOf(stage.browser.process.pid ?? NaN)
