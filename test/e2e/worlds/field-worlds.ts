import { NEEDS_CONTACT } from '../../../src/domain/field-check/axes'
import type { BrowserName } from '../../browser'
import { RECORDED, type World } from '../../instance/world/axes'
import { committedWorlds } from './committed'

/** The world furthest from the recorded one, different for each browser. */
const FIRST: Readonly<Record<BrowserName, Partial<World>>> = {
  chromium: {
    startTimes: 'fixed',
    stateArns: 'all',
    showsAfterMs: '1200',
    freshTokens: '403-first',
    endpoint: 'no-scheme',
    expiration: 'iso',
    connectGlobal: 'more-members',
    polling: 'websocket',
    http: 'h2',
    unload: 'blocked',
    unknownFields: 'some',
  },
  firefox: {
    availability: 'missing',
    stateArns: 'none',
    listedStarts: 'set',
    showsAfterMs: '300',
    puts: 'first-lost',
    endpoint: 'path',
    connectGlobal: 'gone',
    expiration: 'missing',
    extensionOrigin: 'refused',
    nulls: 'omitted',
  },
}

/** The number of worlds that the field check must identify in each browser. */
export const FIELD_WORLDS = 10

/** Axes that the check never measures are as recorded. */
function measurable(world: World): World {
  const unmeasured = NEEDS_CONTACT.map((axis) => [axis, RECORDED[axis]] as const)
  return { ...world, ...(Object.fromEntries(unmeasured) as Partial<World>) }
}

/** The worlds in which the field check is played in a browser, the most significant one first. */
export function fieldWorlds(browser: BrowserName, count = FIELD_WORLDS): World[] {
  const turn = browser === 'chromium' ? 0 : 1
  const committed = committedWorlds().filter((_, at) => at % 2 === turn)
  const all = [{ ...RECORDED, ...FIRST[browser] }, ...committed.map(({ world }) => world)]
  return all.slice(0, count).map(measurable)
}
