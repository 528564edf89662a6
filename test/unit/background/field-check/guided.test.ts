import type { CloseKind } from '../../../../src/domain/field-check/observations'
import { STEPS } from '../../../../src/domain/field-check/steps'
import { closeVerdict, isOtherWay } from '../../../../src/domain/field-check/verdicts'
import type { Cause, LogEntry } from '../../../../src/domain/log-entry'
import { RECORDED, type World } from '../../../instance/world/axes'
import { renewBrowser } from '../browser'
import { obeysItsRules, openDoc, Play, SUBJECT } from './play'
import { PlayedInstance } from './played-instance'

jest.mock('../../../../src/platform/browser', () => jest.requireActual<object>('../browser'))

beforeEach(() => {
  jest.useFakeTimers({ now: new Date('2026-11-29T09:00:00.250Z') })
  renewBrowser()
})
afterEach(() => {
  jest.useRealTimers()
})

/** A person who follows the instructions, and an extension that does or does not keep its promise. */
async function playCloses(world: World, part: 'closes' | 'kill', after: (kind: CloseKind, play: Play) => void) {
  const instance = new PlayedInstance(world)
  const play = new Play(instance)
  await play.part('read')
  play.onOpen = () => void (play.documents = [openDoc(Date.now(), `doc ${Date.now()}`)])
  const isAsked = new Set<CloseKind>()
  play.onSave = (check) => {
    const step = check.status === 'running' ? STEPS[check.part][check.step]?.step : undefined
    if (step?.do !== 'await_close' || isAsked.has(step.kind)) return
    isAsked.add(step.kind)
    setTimeout(() => {
      play.documents = step.kind === 'reload' ? [openDoc(Date.now(), 'reloaded')] : []
      after(step.kind, play)
    }, 7_000)
  }
  await play.runner.start(SUBJECT, part, 'run')
  return { instance, play, isAsked }
}

const putsIn = ({ calls }: PlayedInstance): number =>
  calls.filter(({ operation }) => operation === 'PutAgentState').length

/** The first step that waits for a person. */
const awaitedIn = (part: 'closes' | 'kill'): number => STEPS[part].findIndex(({ step }) => step.do === 'await_close')
const AWAITED = { closes: awaitedIn('closes'), kill: awaitedIn('kill') }

/** What Signoff promises for a close. */
const keepsPromise = (kind: CloseKind, play: Play): void => {
  const agent = play.instance.agent()
  expect(agent.state().type).toBe('routable')
  if (kind !== 'reload') setTimeout(() => agent.set('offline', 'test'), 400)
  if (kind !== 'reload') play.entries.unshift(entryOf(kind))
}

const CAUSES: Readonly<Record<CloseKind, Cause>> = {
  tab: 'tab_closed',
  last_window: 'window_closed',
  reload: 'reloaded',
  log_out: 'logged_out',
  kill: 'browser_ended',
}
let entries = 0
const entryOf = (kind: CloseKind): LogEntry =>
  ({ id: `entry ${entries++}`, outcome: 'confirmed', cause: CAUSES[kind] }) as LogEntry

it('each close is requested, and compared with what the instance shows', async () => {
  const { play } = await playCloses(RECORDED, 'closes', keepsPromise)
  const check = await play.toEnd()
  expect(check).toMatchObject({ stopped: null, restored: 'restored', done: ['read', 'closes'] })
  expect(check.observed.closes.map(({ kind, shown }) => [kind, shown])).toEqual([
    ['tab', 'offline'],
    ['last_window', 'offline'],
    ['reload', 'routable'],
    ['log_out', 'offline'],
  ])
  for (const close of check.observed.closes) expect(closeVerdict(close)).toEqual({ verdict: 'pass', agrees: true })
  expect(play.instance.agent().visibleState().name).toBe('Training')
  obeysItsRules(play.instance)
})

it('a broken promise fails the check, and a contradicting log entry is reported', async () => {
  const { play } = await playCloses(RECORDED, 'kill', () => undefined)
  const check = await play.toEnd()
  expect(check.observed.closes).toMatchObject([{ kind: 'kill', outcome: null, shown: 'routable' }])
  expect(check.observed.closes.map(closeVerdict)).toEqual([{ verdict: 'fail', agrees: true }])
  // A log entry that claims nothing does not contradict.
  const unknown = {
    kind: 'log_out',
    outcome: 'unconfirmed',
    cause: 'logged_out',
    shown: 'offline',
    afterMs: 1,
  } as const
  expect(closeVerdict(unknown)).toEqual({ verdict: 'pass', agrees: true })
  expect(closeVerdict({ ...unknown, outcome: 'failed' }).agrees).toBe(false)
  expect(
    closeVerdict({ kind: 'tab', outcome: 'confirmed', cause: 'tab_closed', shown: 'routable', afterMs: 1 }),
  ).toEqual({
    verdict: 'fail',
    agrees: false,
  })
  expect(play.instance.agent().visibleState().name).toBe('Training')
})

it('the check of a killed browser resumes at its next start, and the status is restored then', async () => {
  const { play } = await playCloses(RECORDED, 'kill', keepsPromise)
  await play.until(() => play.stored?.step === AWAITED.kill)
  await jest.advanceTimersByTimeAsync(7_500)
  await play.dies('the next run')
  const check = await play.toEnd()
  expect(check).toMatchObject({ stopped: null, restored: 'restored' })
  expect(check.observed.closes).toMatchObject([{ kind: 'kill', shown: 'offline', outcome: 'confirmed' }])
  expect(play.instance.agent().visibleState().name).toBe('Training')
})

it('the entry of a kill counts, however long the browser was gone', async () => {
  const { play } = await playCloses(RECORDED, 'kill', keepsPromise)
  await play.until(() => play.stored?.step === AWAITED.kill)
  await jest.advanceTimersByTimeAsync(7_500)
  play.dead()
  await jest.advanceTimersByTimeAsync(3_600_000)
  await play.dies('the next run')
  expect((await play.toEnd()).observed.closes).toMatchObject([{ outcome: 'confirmed', cause: 'browser_ended' }])
})

it('an unrequested browser end ends the part: nobody is made Available at its next start', async () => {
  const { play, isAsked } = await playCloses(RECORDED, 'closes', () => undefined)
  await play.until(() => play.stored?.step === AWAITED.closes)
  await play.dies('the next run')
  const before = play.instance.calls.length
  expect(await play.toEnd()).toMatchObject({ stopped: 'browser_ended', restored: 'restored', original: null })
  expect([...isAsked]).toEqual(['tab'])
  expect(play.instance.agent().visibleState().name).toBe('Training')
  expect(play.instance.calls.length).toBeGreaterThan(before)
})

it('a worker that dies while waiting for a person changes nothing', async () => {
  const { play } = await playCloses(RECORDED, 'closes', keepsPromise)
  await play.until(() => play.stored?.step === AWAITED.closes)
  await play.dies()
  expect(await play.toEnd()).toMatchObject({ stopped: null, restored: 'restored', done: ['read', 'closes'] })
})

it('a contact during the wait for a person ends the check, and is left alone', async () => {
  const { play, instance } = await playCloses(RECORDED, 'closes', () => undefined)
  await play.until(() => play.stored?.step === AWAITED.closes)
  await jest.advanceTimersByTimeAsync(1_000)
  const agent = instance.agent()
  agent.ring({ ringMs: 300_000 })
  const doc = openDoc(0)
  const contacts = [{ channel: 'voice', state: 'connecting' }]
  play.documents = [{ ...doc, agent: doc.agent && { ...doc.agent, contacts } }]
  await play.until(() => play.stored?.status === 'restoring')
  expect(play.stored).toMatchObject({ stopped: 'contact' })
  const puts = putsIn(instance)
  await jest.advanceTimersByTimeAsync(30_000)
  expect([putsIn(instance), agent.contacts().length]).toEqual([puts, 1])
  agent.accept()
  agent.endContact()
  agent.clearContact()
  play.documents = [openDoc(0)]
  expect(await play.toEnd()).toMatchObject({ stopped: 'contact', restored: 'restored' })
})

it('a close other than the requested one is reported, as neither a pass nor a failure', async () => {
  const { play } = await playCloses(RECORDED, 'kill', (kind, at) => {
    keepsPromise(kind, at)
    at.entries[0] = entryOf('tab')
  })
  const { closes } = (await play.toEnd()).observed
  expect(closes.map(closeVerdict)).toEqual([{ verdict: 'not_tried', agrees: true }])
  expect(closes.map(isOtherWay)).toEqual([true])
})

it('a reload without a restore fails, even if a look right after it still shows Available', async () => {
  const { play } = await playCloses({ ...RECORDED, showsAfterMs: '3000' }, 'closes', (kind, at) => {
    if (kind === 'reload') setTimeout(() => at.instance.agent().set('offline', 'test'), 400)
    else keepsPromise(kind, at)
  })
  const { closes } = (await play.toEnd()).observed
  const reload = closes.find(({ kind }) => kind === 'reload')
  expect(reload && [reload.shown, closeVerdict(reload).verdict]).toEqual(['offline', 'fail'])
})

it('if the background is refused, the CCP that comes back shows how the close ended', async () => {
  const { play } = await playCloses({ ...RECORDED, extensionOrigin: 'refused' }, 'closes', keepsPromise)
  const check = await play.toEnd()
  expect(check.observed.closes.map(({ kind, shown }) => [kind, shown])).toEqual([
    ['tab', 'offline'],
    ['last_window', 'offline'],
    ['reload', 'routable'],
    ['log_out', 'offline'],
  ])
  expect(check.restored).toBe('restored')
})

it('an inactive person is awaited for a quarter of an hour, then the status is restored', async () => {
  const instance = new PlayedInstance(RECORDED)
  const play = new Play(instance)
  await play.part('read')
  await play.runner.start(SUBJECT, 'closes', 'run')
  expect(await play.toEnd(25)).toMatchObject({ stopped: 'failed', restored: 'restored' })
  expect(instance.agent().visibleState().name).toBe('Training')
})

it('no part runs before the read-only one', async () => {
  const play = new Play(new PlayedInstance(RECORDED))
  for (const part of ['statuses', 'closes', 'kill'] as const)
    expect(await play.runner.start(SUBJECT, part, 'run')).toBe(false)
})
