import { setTimeout as delay } from 'node:timers/promises'
import type { Frame, Page } from '../../test/browser'
import { until } from '../../test/browser'
import type { Cell } from '../matrix/cell'
import { endsBrowser, idleTimeoutOf, roundTripOf } from '../matrix/cell'
import { leaveNoneIdle, prevail } from './conditions'
import type { Seat } from './seat'
import { openingsOf, waitForState, type Opening } from './tenants'

/**
 * How long agents work before a close: the requests that follow
 * a change to Available are answered, and the page is idle.
 */
const AT_WORK_MS = 750

/** The extension tries the connection about four times meanwhile, and notices that it goes cold. */
const MEASURED_MS = 100_000
/** How much later than it should the stand-in closes an idle connection. */
const CLOSED_LATE_MS = 2_000

/**
 * Opens the CCPs of a cell, with Available agents, on the cell's
 * network. Resolves with their tabs, and any other tab last.
 */
export async function openCcps(seat: Seat, cell: Cell): Promise<readonly [Page, ...Page[]]> {
  const { stage, username } = seat
  const [first, ...others] = openingsOf(cell)
  const openings = [first, ...others]
  for (const { alias } of openings) stage.instance.agent(username, alias).set('offline', 'test')

  const page = await openTab(seat, first, endsBrowser(cell) ? stage.browser.home : null)
  const pages: [Page, ...Page[]] = [page]
  for (const opening of others) pages.push(await openTab(seat, opening, null))
  // A window without a CCP comes last.
  const besides = cell.close === 'beside' ? [await stage.browser.newWindow('about:blank')] : []
  const ccps = await Promise.all(pages.map((tab, index) => ccpIn(tab, openings[index] ?? first)))
  await Promise.all(ccps.map((ccp) => waitForState(ccp, 'offline')))

  prevail(stage.instance, cell.network)
  for (const { alias } of openings) stage.instance.agent(username, alias).set('routable', 'test')
  await Promise.all(ccps.map((ccp) => waitForState(ccp, 'routable')))
  if (seat.contender === 'signoff') await knowsAvailable(seat, openings.length)
  await stage.leaveStore()
  leaveNoneIdle(stage.instance, cell.network)
  await delay(atWorkMs(seat, cell))
  return [...pages, ...besides]
}

/** How long the agent works: until the connections are as the cell wants them. */
function atWorkMs({ contender }: Seat, { network }: Cell): number {
  const idleMs = idleTimeoutOf(network)
  if (idleMs === null) return AT_WORK_MS + 4 * roundTripOf(network)
  return (contender === 'signoff' ? MEASURED_MS : 0) + idleMs + CLOSED_LATE_MS
}

async function openTab({ stage, signedIn, username }: Seat, opening: Opening, into: Page | null): Promise<Page> {
  const { alias, generation, framed } = opening
  const who = { alias, ...(!signedIn.has(alias) && { signInAs: username }) }
  const url = framed ? stage.instance.url.crm({ ...who, ccp: generation }) : stage.instance.url.ccp(generation, who)
  if (into === null) return stage.browser.newTab(url)
  await into.driver.goto(url)
  return into
}

function ccpIn(page: Page, { framed }: Opening): Promise<Frame> {
  return framed ? page.frame('/connect/ccp') : Promise.resolve(page)
}

/** Waits until the background knows of so many open CCPs with an Available agent. */
async function knowsAvailable({ stage }: Seat, count: number): Promise<void> {
  await until('the background to know the agents', async () => {
    const open = Object.values((await stage.storedState()).documents).filter(
      ({ gone, closing, agent }) => gone === null && closing === null && agent?.state.type === 'routable',
    )
    return open.length === count
  })
}
