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

/** Offline as of a moment after the state that the close left. */
const offline = (): AgentFacts => facts('offline', { state: { ...state('offline'), startTimestamp: T0 + 60_000 } })

test('has the agent set Offline once, and tells of it when a snapshot shows it, once', () => {
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

test('a snapshot counts before the answer to the call has come', () => {
  consider(facts('routable'))
  consider(offline())
  expect(act.hear('c1', { ok: true })).toBe(true)
  expect(told).toEqual([['c1', { kind: 'offline', by: 'set' }]])
})

test('what Connect has accepted and no snapshot shows is told as accepted, and no more', () => {
  consider(facts('routable'))
  act.hear('c1', { ok: true })
  jest.advanceTimersByTime(RECOVERY_LOOK_MS - 1)
  expect(told).toEqual([])
  jest.advanceTimersByTime(1)
  expect(told).toEqual([['c1', { kind: 'accepted' }]])
})

test('tells Connect’s refusal', () => {
  consider(facts('routable'))
  const error = { type: 'InvalidStateException', message: 'No' }
  act.hear('c1', { ok: false, error })
  expect(told).toEqual([['c1', { kind: 'failed', error }]])
})

test('changes nothing of another agent', () => {
  consider(facts('routable', { username: 'bob' }))
  expect([asked, told]).toEqual([[], [['c1', { kind: 'ended', reason: 'other_agent' }]]])
})

test('goes by the states that the settings name', () => {
  act.consider(documentConfig({ recovery: { ...ORDER, mark: null }, fromStates: ['Mittag'] }), facts('routable'))
  expect([asked, told]).toEqual([[], [['c1', { kind: 'ended', reason: 'state_changed' }]]])
})

test('waits for the task and for the agent, in whatever order they come', () => {
  consider(facts('routable'), null)
  consider(null)
  consider(facts('init'))
  act.consider(null, facts('routable'))
  expect([asked, told]).toEqual([[], []])
  consider(facts('routable'))
  expect(asked).toEqual(['c1'])
})

test('a result is nobody’s where nothing was asked for', () => {
  expect(act.hear('c1', { ok: true })).toBe(false)
})
