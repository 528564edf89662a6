/**
 * What a close, a restart and a long policy cost the background as its state grows. In Node, with a database in memory.
 */
import 'fake-indexeddb/auto'
import type { CcpEvent } from '../../src/domain/closes/events'
import { DEFAULT_SETTINGS, resolveSettings } from '../../src/domain/settings'
import { agentEvent, closing, facts, header, succeeded, T0 } from '../../test/unit/domain/build'
import { median } from '../judge/statistics'

/** The costs at a small and a large size. */
export interface StateCosts {
  readonly closes: Sizes
  readonly closeMs: Pair
  readonly closeBytes: Pair
  readonly ccps: Sizes
  readonly restartBytes: Pair
  readonly restartWrites: Pair
  readonly profiles: Sizes
  readonly policyMs: Pair
}
type Pair = readonly [small: number, large: number]
type Sizes = Pair

const CLOSES: Sizes = [1_500, 10_000]
const CCPS: Sizes = [1, 20]
const PROFILES: Sizes = [200, 10_000]
/** How many closes are measured: the last ones before each size is reached. */
const MEASURED = 300
const STEP_MS = 60_000

/** What was written to the database since the last `take`. */
const written = { bytes: 0, writes: 0 }
const take = () => {
  const taken = { ...written }
  written.bytes = 0
  written.writes = 0
  return taken
}

/** Stands in for the part of the browser's API that the store needs, and counts what is written to the database. */
function standIn(): void {
  const storage = {
    local: { get: () => Promise.resolve({}), remove: () => Promise.resolve() },
    session: { set: () => Promise.resolve() },
  }
  Object.assign(globalThis, { chrome: { runtime: { id: 'bench' } }, browser: { runtime: { id: 'bench' }, storage } })
  const store = IDBObjectStore.prototype
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its own `this`
  const put = store.put
  store.put = function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
    written.bytes += JSON.stringify(value).length
    return put.call(this, value, key)
  }
  const { prototype } = IDBDatabase
  // eslint-disable-next-line @typescript-eslint/unbound-method -- the same
  const { transaction } = prototype
  prototype.transaction = function (this: IDBDatabase, ...args: Parameters<typeof transaction>) {
    if (args[1] === 'readwrite') written.writes += 1
    return transaction.apply(this, args)
  }
}

async function engineOf(at: () => number) {
  // Imported after the stand-in is there: these modules look for the browser's API when they are loaded.
  const { CloseEngine } = await import('../../src/background/close-engine')
  const { Problems } = await import('../../src/background/problems')
  const { loadCloses, saveCloses } = await import('../../src/storage/close-store')
  return new CloseEngine({
    extensionVersion: '1.2.3',
    now: at,
    settings: () => Promise.resolve({ ...DEFAULT_SETTINGS, directPath: 'page', recovery: 'never' }),
    load: () => loadCloses(() => undefined),
    save: saveCloses,
    putAside: () => Promise.resolve(),
    writeLog: () => Promise.resolve(),
    notifyStaying: () => undefined,
    isHeld: () => Promise.resolve(true),
    tabStatus: () => Promise.resolve('complete'),
    wakeAt: () => Promise.resolve(),
    watch: () => Promise.resolve(),
    onChange: () => undefined,
    problems: new Problems(),
  })
}

/** The events of one close, from the page's first document event to the end of its tab. */
function closeOf(nth: number): CcpEvent[] {
  const at = T0 + nth * STEP_MS
  const docId = `doc-${nth}`
  const place = { tabId: nth, frameId: 0, ownCookies: true }
  const told = { runId: 'run-1', header: header(docId, { openedAt: at }), place }
  return [
    { type: 'document', seq: 1, at: at + 1, ...told, docEvent: agentEvent(facts()) },
    { type: 'document', seq: 2, at: at + 1_000, ...told, docEvent: closing(`close-${nth}`) },
    { type: 'document', seq: 3, at: at + 1_010, ...told, docEvent: succeeded(`close-${nth}`) },
    { type: 'tab_removed', at: at + 1_020, tabId: nth, windowClosing: false },
  ]
}

/** Measures everything in this file. To be called once in a process, since it replaces globals. */
export async function measureState(): Promise<StateCosts> {
  standIn()
  let now = T0
  const engine = await engineOf(() => now)
  const times: number[] = []
  const bytes: number[] = []
  for (let nth = 0; nth < CLOSES[1]; nth += 1) {
    take()
    const began = performance.now()
    for (const event of closeOf(nth)) {
      now = event.at
      await engine.dispatch(event)
    }
    times.push(performance.now() - began)
    bytes.push(take().bytes)
  }
  const pair = (all: readonly number[]): Pair => [
    median(all.slice(CLOSES[0] - MEASURED, CLOSES[0])) ?? 0,
    median(all.slice(-MEASURED)) ?? 0,
  ]
  const restarts: { bytes: number; writes: number }[] = []
  let open = 0
  for (const ccps of CCPS) {
    for (; open < ccps; open += 1) {
      const [hello] = closeOf(CLOSES[1] + open)
      if (hello === undefined) throw new Error('A close has no beginning.')
      now = hello.at
      await engine.dispatch(hello)
    }
    take()
    const next = await engineOf(() => now)
    now += 1
    await next.dispatch({ type: 'worker_started', at: now, runId: 'run-1' })
    restarts.push(take())
  }
  const [first = { bytes: 0, writes: 0 }, second = first] = restarts
  return {
    closes: CLOSES,
    closeMs: pair(times),
    closeBytes: pair(bytes),
    ccps: CCPS,
    restartBytes: [first.bytes, second.bytes],
    restartWrites: [first.writes, second.writes],
    profiles: PROFILES,
    policyMs: [policyMs(PROFILES[0]), policyMs(PROFILES[1])],
  }
}

/** How long it takes to resolve a policy with so many routing profiles, in ms. Throws where not all are accepted. */
function policyMs(count: number): number {
  const routingProfiles = Array.from({ length: count }, (_, nth) => `Routing profile ${nth}`)
  const times = Array.from({ length: 21 }, () => {
    const began = performance.now()
    const { problems, settings } = resolveSettings({ routingProfiles })
    if (problems.length > 0 || settings.routingProfiles.length < count) throw new Error('The policy was refused.')
    return performance.now() - began
  })
  return median(times) ?? 0
}
