import { NEEDS_CONTACT } from '../../../../src/domain/field-check/axes'
import { fieldCheckFile } from '../../../../src/domain/field-check/field-check-file'
import { measuredWorld } from '../../../../src/domain/field-check/measure'
import { AXIS_NAMES, CONVENIENT, RECORDED, WORST, type World } from '../../../instance/world/axes'
import { randomWorld } from '../../../instance/world/covering'
import { readWorld } from '../../../instance/world/read-world'
import { renewBrowser } from '../browser'
import { obeysItsRules, Play } from './play'
import { PlayedInstance } from './played-instance'

jest.mock('../../../../src/platform/browser', () => jest.requireActual<object>('../browser'))

const ABOUT = { extensionVersion: '1.2.3', browser: 'Chromium 156' }

/** Axes that only a contact would show are as recorded. */
const measurable = (world: World): World => ({
  ...world,
  contactStates: RECORDED.contactStates,
  workType: RECORDED.workType,
})

const WORLDS: [string, World][] = [
  ['recorded', RECORDED],
  ['worst', measurable(WORST)],
  ['convenient', measurable(CONVENIENT)],
  ['refused', { ...RECORDED, extensionOrigin: 'refused' }],
  ['refused, with young tokens', { ...RECORDED, extensionOrigin: 'refused', freshTokens: '403-first' }],
  ['young tokens', { ...RECORDED, freshTokens: '401-first', puts: 'first-lost', showsAfterMs: '1200' }],
  ...Array.from({ length: 14 }, (_, seed): [string, World] => [`seed ${seed}`, measurable(randomWorld(seed + 1))]),
]

beforeEach(() => {
  jest.useFakeTimers({ now: new Date('2026-11-29T09:00:00.250Z') })
  renewBrowser()
})
afterEach(() => {
  jest.useRealTimers()
})

describe.each(WORLDS)('in the world "%s"', (_name, world) => {
  it('measures each axis, restores the status, and its file describes that world', async () => {
    const instance = new PlayedInstance(world)
    const play = new Play(instance)
    await play.part('read')
    expect(instance.agent().state().name).toBe('Training')
    const check = await play.part('statuses')
    expect(check).toMatchObject({ stopped: null, restored: 'restored', original: null, done: ['read', 'statuses'] })
    expect(instance.agent().visibleState().name).toBe('Training')

    const measured = measuredWorld(check.observed)
    expect(Object.keys(measured).sort()).toEqual(AXIS_NAMES.filter((axis) => !NEEDS_CONTACT.includes(axis)).sort())
    const file: unknown = JSON.parse(JSON.stringify(fieldCheckFile(check, ABOUT)))
    expect(readWorld((file as { world: unknown }).world)).toEqual(world)

    const text = JSON.stringify(file)
    for (const secret of ['alice', 'Alice', 'acme', 'arn:', 'Training', 'Lunch', 'Offline"', 'secret-token'])
      expect(text).not.toContain(secret)
    obeysItsRules(instance)
  }, 30_000)
})

it('the read-only part changes nothing, and takes two minutes', async () => {
  const instance = new PlayedInstance(RECORDED)
  const play = new Play(instance)
  const began = Date.now()
  await play.part('read')
  expect(Date.now() - began).toBeGreaterThanOrEqual(120_000)
  expect(Date.now() - began).toBeLessThan(150_000)
  expect(instance.calls.filter(({ operation }) => operation === 'PutAgentState')).toEqual([])
})
