/** Derives the value of each axis from the observations. Axes that were not measured, or not clearly, are left out. */
import type { FieldAxis, FieldValue, MeasuredWorld } from './axes'
import type { CallBy, CallRecord, Observed } from './observations'

/** The largest rounding error of times that are written in fractions of seconds, in ms. */
const ROUNDING_MS = 5

type Measures = { readonly [A in FieldAxis]: (observed: Observed) => FieldValue<A> | null }

const MEASURES: Measures = {
  startTimes: ({ looks }) => {
    const starts = looks.map(({ startAt }) => startAt).filter((start) => start !== null)
    const [first, ...others] = starts
    if (first === undefined || others.length === 0) return null
    return others.every((start) => Math.abs(start - first) <= ROUNDING_MS) ? 'fixed' : 'moving'
  },
  availability: ({ looks }) => {
    if (looks.length === 0) return null
    return looks.every(({ tellsChoice }) => tellsChoice) ? 'told' : 'missing'
  },
  stateArns: (observed) => {
    const looks = allLooks(observed)
    const offline = looks.filter(({ kind }) => kind === 'offline')
    const others = looks.filter(({ kind }) => kind !== 'offline' && kind !== 'other')
    if (others.some(({ hasArn }) => hasArn)) return 'all'
    if (offline.some(({ hasArn }) => hasArn)) return others.length > 0 ? 'offline-only' : null
    return offline.length > 0 ? 'none' : null
  },
  listedStarts: ({ listedStarts }) => listedStarts,
  showsAfterMs: ({ changes }) => {
    const held = changes.filter(({ wasHeld }) => wasHeld).map(({ shownMs }) => shownMs)
    const times = held.filter((ms) => ms !== null).sort((a, b) => a - b)
    const median = times[Math.floor(times.length / 2)]
    if (median === undefined) return null
    const [, ...limits] = SHOWN
    return limits.findLast(([from]) => median >= from)?.[1] ?? '0'
  },
  puts: ({ changes }) => {
    if (changes.some(({ lost, shownMs }) => lost > 0 && shownMs !== null)) return 'first-lost'
    return changes.some(({ shownMs }) => shownMs !== null) ? 'applied' : null
  },
  freshTokens: ({ calls }) => {
    const seen = (['page', 'background'] as const).flatMap((by) => freshness(calls, by))
    return seen.find((value) => value !== 'taken') ?? seen[0] ?? null
  },
  endpoint: ({ page }) => (page === null || page.endpoint === 'other_origin' ? null : page.endpoint),
  expiration: ({ page, tokenExpiration }) => page?.expiration ?? tokenExpiration,
  connectGlobal: ({ page }) => {
    if (page === null) return null
    const isThere = page.globals.includes('connect') || page.globals.includes('lily')
    if (!isThere) return page.parameters === null ? null : 'gone'
    return page.unknownMembers.length > 0 ? 'more-members' : 'there'
  },
  polling: ({ page }) => {
    if (page === null || page.parameters === null) return null
    return page.pushes ? 'websocket' : 'long-poll'
  },
  http: ({ page }) => {
    const protocol = page?.protocol
    return protocol === 'h2' || protocol === 'http/1.1' ? protocol : null
  },
  unload: ({ page, headers }) => {
    if (headers['permissions-policy']?.includes('no unload') || page?.unloadAllowed === false) return 'blocked'
    return page === null ? null : 'runs'
  },
  extensionOrigin: ({ calls }) => {
    const own = calls.filter(({ by, for: what }) => by === 'background' && what !== 'token')
    if (own.some(({ status }) => status === 200)) return 'accepted'
    const refusals = calls.filter(({ by, status }) => by === 'background' && status === 403)
    const isPageTaken = calls.some(({ by, for: what, status }) => by === 'page' && what !== 'token' && status === 200)
    // Fresh tokens are refused as well, but only a few times.
    return refusals.length >= REFUSALS && isPageTaken ? 'refused' : null
  },
  nulls: ({ form }) => form && (form.hasNulls ? 'explicit' : 'omitted'),
  unknownFields: ({ form }) => form && (form.unknownFields.length > 0 ? 'some' : 'none'),
  contactStates: () => null,
  workType: () => null,
}

/** The values of `showsAfterMs`, each with the shortest delay that counts as it, in ms. */
const SHOWN: readonly (readonly [number, FieldValue<'showsAfterMs'>])[] = [
  [0, '0'],
  [150, '300'],
  [750, '1200'],
  [2_100, '3000'],
]

/** After so many refusals of the background, over two minutes, a fresh token is no longer the reason. */
const REFUSALS = 3

function allLooks({ looks, changes }: Observed): Observed['looks'] {
  return [...looks, ...changes.map(({ look }) => look).filter((look) => look !== null)]
}

/** How the first call with each token was answered, for tokens with which some call succeeded. */
function freshness(calls: readonly CallRecord[], by: CallBy): FieldValue<'freshTokens'>[] {
  const own = calls.filter((call) => call.by === by && call.token > 0)
  return [...new Set(own.map(({ token }) => token))].flatMap((token) => {
    const statuses = own.filter((call) => call.token === token).map(({ status }) => status)
    const [first] = statuses
    if (!statuses.includes(200)) return []
    return first === 401 ? ['401-first' as const] : first === 403 ? ['403-first' as const] : ['taken' as const]
  })
}

/** The measured world. */
export function measuredWorld(observed: Observed): MeasuredWorld {
  const measured = Object.entries(MEASURES).map(([axis, measure]) => [axis, measure(observed)] as const)
  return Object.fromEntries(measured.filter(([, value]) => value !== null))
}

/** The caller to use: the background if it has been answered with a token, otherwise the page. */
export function bestCaller({ calls }: Pick<Observed, 'calls'>): CallBy {
  const isTaken = calls.some(({ by, token, status }) => by === 'background' && token > 0 && status === 200)
  return isTaken ? 'background' : 'page'
}
