import { STEPS } from '../../../../src/domain/field-check/steps'
import { RECORDED, WORST } from '../../../instance/world/axes'
import { renewBrowser } from '../browser'
import { openDoc, Play, SUBJECT } from './play'
import { PlayedInstance } from './played-instance'

jest.mock('../../../../src/platform/browser', () => jest.requireActual<object>('../browser'))

beforeEach(() => {
  jest.useFakeTimers({ now: new Date('2026-11-29T09:00:00.250Z') })
  renewBrowser()
})
afterEach(() => {
  jest.useRealTimers()
})

const nameOf = ({ instance }: Play): string => instance.agent().visibleState().name
const puts = (instance: PlayedInstance): number =>
  instance.calls.filter(({ operation }) => operation === 'PutAgentState').length

/** A check whose read-only part is done, and whose next part has reached this step. */
async function playTo(instance: PlayedInstance, step: number): Promise<Play> {
  const play = new Play(instance)
  await play.part('read')
  await play.runner.start(SUBJECT, 'statuses', 'run')
  await play.until(() => play.stored?.step === step || play.stored?.status === 'resting')
  return play
}

const CHANGES = STEPS.statuses.map((_, at) => at).slice(4)

describe.each(CHANGES)('in step %i of the changes', (step) => {
  it.each(['run', 'the next run'])(
    'a worker that dies leaves a status that the next one restores (%s)',
    async (runId) => {
      const play = await playTo(new PlayedInstance(RECORDED), step)
      await jest.advanceTimersByTimeAsync(1_300)
      await play.dies(runId)
      const check = await play.toEnd()
      expect(check.stopped).toBe(runId === 'run' ? 'worker_died' : 'browser_ended')
      expect(check).toMatchObject({ restored: 'restored', original: null })
      expect(nameOf(play)).toBe('Training')
    },
  )

  it('a person who stops the check has their status restored', async () => {
    const play = await playTo(new PlayedInstance({ ...WORST, freshTokens: 'taken' }), step)
    await jest.advanceTimersByTimeAsync(700)
    await play.runner.stop('asked')
    expect(await play.toEnd()).toMatchObject({ stopped: 'asked', restored: 'restored' })
    expect(nameOf(play)).toBe('Training')
  })

  it('closing the CCP leaves the restore to the background', async () => {
    const play = await playTo(new PlayedInstance(RECORDED), step)
    play.documents = []
    const check = await play.toEnd()
    expect(check.restored).toBe('restored')
    expect(nameOf(play)).toBe('Training')
  })
})

it('if the background is refused and the CCP is closed, a CCP is opened to restore the status', async () => {
  const play = await playTo(new PlayedInstance({ ...RECORDED, extensionOrigin: 'refused' }), 6)
  play.documents = []
  play.onOpen = () => void (play.documents = [openDoc(Date.now(), 'again')])
  expect(await play.toEnd()).toMatchObject({ stopped: 'no_ccp', restored: 'restored' })
  expect(play.opened).toBe(1)
  expect(nameOf(play)).toBe('Training')
})

it('if nothing can restore the status, that is reported, and tried again later', async () => {
  const play = await playTo(new PlayedInstance(RECORDED), 6)
  play.instance.gone.add('page').add('background')
  await play.until(() => play.stored?.restored === 'failed')
  expect(play.stored?.original).not.toBeNull()
  expect(await play.runner.start(SUBJECT, 'read', 'run')).toBe(false)
  play.instance.gone.clear()
  await play.runner.resume('run')
  expect(await play.toEnd()).toMatchObject({ restored: 'restored' })
  expect(nameOf(play)).toBe('Training')
})

it('ends at the first contact, leaves it alone, and restores the status afterwards', async () => {
  const play = await playTo(new PlayedInstance({ ...RECORDED, showsAfterMs: '300' }), 6)
  const agent = play.instance.agent()
  expect(agent.state().type).toBe('routable')
  agent.ring({ ringMs: 300_000 })
  await jest.advanceTimersByTimeAsync(20_000)
  expect(play.stored).toMatchObject({ status: 'restoring', stopped: 'contact' })
  const before = puts(play.instance)
  agent.accept()
  await jest.advanceTimersByTimeAsync(120_000)
  agent.endContact()
  await jest.advanceTimersByTimeAsync(60_000)
  // After-contact work belongs to the agent.
  expect(agent.contacts()).toHaveLength(1)
  expect(puts(play.instance)).toBe(before)
  agent.clearContact()
  expect(await play.toEnd()).toMatchObject({ stopped: 'contact', restored: 'restored' })
  expect(nameOf(play)).toBe('Training')
})

it.each(['read', 'statuses'] as const)('refuses an agent who has a contact (%s)', async (part) => {
  const instance = new PlayedInstance(RECORDED, { state: 'Available' })
  const play = new Play(instance)
  if (part === 'statuses') await play.part('read')
  instance.agent().ring({ ringMs: 600_000 })
  expect(await play.part(part)).toMatchObject({ stopped: 'contact', restored: 'untouched' })
  expect(puts(instance)).toBe(0)
})

it('refuses an agent whose routing profile brings contacts', async () => {
  const instance = new PlayedInstance(RECORDED, { queues: ['Support'] })
  expect(await new Play(instance).part('read')).toMatchObject({ stopped: 'inbound_queue', step: 2 })
})

it('refuses another agent, and changes nothing of theirs', async () => {
  const play = await playTo(new PlayedInstance(RECORDED), 5)
  play.instance.signIn('bob')
  await play.dies()
  await play.until(() => play.stored?.restored === 'failed')
  expect(play.instance.agent('bob').state().name).toBe('Offline')
  play.instance.signIn('alice')
  await play.runner.resume('run')
  expect((await play.toEnd()).restored).toBe('restored')
  expect(nameOf(play)).toBe('Training')

  const other = new Play(new PlayedInstance(RECORDED))
  other.instance.signIn('bob')
  expect(await other.part('read')).toMatchObject({ stopped: 'other_agent', restored: 'untouched' })
})

it('a worker that dies in the read-only part loses nothing', async () => {
  const play = new Play(new PlayedInstance({ ...RECORDED, freshTokens: '403-first' }))
  await play.runner.start(SUBJECT, 'read', 'run')
  for (const step of [2, 5, 7, 9]) {
    await play.until(() => play.stored?.step === step)
    await play.dies()
  }
  expect(await play.toEnd()).toMatchObject({ stopped: null, done: ['read'] })
})

it('discards its findings, but not while a status is still to be restored', async () => {
  const play = await playTo(new PlayedInstance(RECORDED), 6)
  await play.runner.forget()
  expect(play.stored).not.toBeNull()
  await play.runner.stop('asked')
  await play.toEnd()
  await jest.advanceTimersByTimeAsync(100)
  await play.runner.forget()
  expect(play.stored).toBeNull()
})
