import type { AgentFacts } from '../../../src/domain/agent'
import type { RecoveryFinding, RecoveryOrder } from '../../../src/domain/recovery-order'
import { RecoveryAct } from '../../../src/content/recovery-act'
import { RECOVERY_LOOK_MS } from '../../../src/domain/recovery-order'
import { documentConfig, facts, state, T0 } from '../domain/build'

const ORDER: RecoveryOrder = { closeId: 'c1', username: 'ada', stateBefore: state('routable'), sawContact: false }

let asked: string[]
let told: [string, RecoveryFinding][]
let act: RecoveryAct

jest.useFakeTimers()
beforeEach(() => {
  asked = []
  told = []
  act = new RecoveryAct({
    set: (closeId) => asked.push(closeId),
    onFound: (closeId, finding) => told.push([closeId, finding]),
  })
})
const consider = (agent: AgentFacts | null, recovery: RecoveryOrder | null = ORDER): void =>
  act.consider(documentConfig({ recovery: recovery && { ...recovery, mark: null } }), agent)

/** Offline since a moment after the state that the close left. */
const offline = (): AgentFacts => facts('offline', { state: { ...state('offline'), startTimestamp: T0 + 60_000 } })

test('sets the agent Offline once, and reports it once, when a snapshot shows it', () => {
  consider(facts('routable'))
  consider(facts('routable'))
  expect([asked, told]).toEqual([['c1'], []])
  expect(act.hear('another', { ok: true })).toBe(false)
  expect(act.hear('c1', { ok: true })).toBe(true)
  expect(told).toEqual([])
  consider(facts('routable'))
  expect([asked, told]).toEqual([['c1'], []])
  consider(offline())
  jest.advanceTimersByTime(RECOVERY_LOOK_MS)
  expect(told).toEqual([['c1', { kind: 'offline', by: 'set' }]])
})

test('a snapshot counts even before the call is answered', () => {
  consider(facts('routable'))
  consider(offline())
  expect(act.hear('c1', { ok: true })).toBe(true)
  expect(told).toEqual([['c1', { kind: 'offline', by: 'set' }]])
})

test('an accepted call that no snapshot confirms is reported as accepted, and no more', () => {
  consider(facts('routable'))
  act.hear('c1', { ok: true })
  jest.advanceTimersByTime(RECOVERY_LOOK_MS - 1)
  expect(told).toEqual([])
  jest.advanceTimersByTime(1)
  expect(told).toEqual([['c1', { kind: 'accepted' }]])
})

test('reports a refusal by Connect', () => {
  consider(facts('routable'))
  const error = { type: 'InvalidStateException', message: 'No' }
  act.hear('c1', { ok: false, error })
  expect(told).toEqual([['c1', { kind: 'failed', error }]])
})

test('leaves another agent alone', () => {
  consider(facts('routable', { username: 'bob' }))
  expect([asked, told]).toEqual([[], [['c1', { kind: 'ended', reason: 'other_agent' }]]])
})

test('respects the states named in the settings', () => {
  act.consider(documentConfig({ recovery: { ...ORDER, mark: null }, fromStates: ['Mittag'] }), facts('routable'))
  expect([asked, told]).toEqual([[], [['c1', { kind: 'ended', reason: 'state_changed' }]]])
})

test('waits for both order and agent, in any order', () => {
  consider(facts('routable'), null)
  consider(null)
  consider(facts('init'))
  act.consider(null, facts('routable'))
  expect([asked, told]).toEqual([[], []])
  consider(facts('routable'))
  expect(asked).toEqual(['c1'])
})

test('ignores results when nothing was requested', () => {
  expect(act.hear('c1', { ok: true })).toBe(false)
})
