import type { LogEntry } from '../../../../src/domain/log-entry'
import { flagsOf } from '../../../../src/domain/closes/flags'
import { salvaged } from '../../../../src/domain/closes/salvage'
import { withinShares } from '../../../../src/domain/closes/shares'
import type { CcpEvent } from '../../../../src/domain/closes/events'
import type { CloseState } from '../../../../src/domain/closes/state'
import { reduceCloses } from '../../../../src/domain/closes/reduce'
import type { Context } from '../../../../src/domain/closes/context'
import { closing, header, INSTANCE, RULES, EventPlayer, T0 } from '../build'

const CONTEXT: Context = {
  extensionVersion: '1.2.3',
  mode: 'act',
  mayAsk: true,
  recoveryUse: 'ask',
  graceMs: 20_000,
  logsOut: false,
  rulesOf: () => RULES,
}

const FLOOD = 'flood.my.connect.aws'
const news = (docId: string, instance: string, at: number): CcpEvent => ({
  type: 'document',
  at,
  runId: 'run-1',
  seq: 1,
  header: header(docId, { instance, url: `https://${instance}/ccp-v2/` }),
  place: null,
  docEvent: closing(`c-${docId}`),
})

test('a flood of closes of one instance leaves another instance’s close alone, and each has its entry', () => {
  const own = new EventPlayer()
  own.open(header('doc-a'))
  let state: CloseState = own.state
  const entries: LogEntry[] = []
  for (let nth = 0; nth < 400; nth += 1) {
    const event = news(`f${nth}`, FLOOD, T0 + nth)
    const next = withinShares(reduceCloses(state, event, CONTEXT), event, CONTEXT)
    state = next.state
    entries.push(...next.finalized)
    expect(Object.keys(state.documents).length).toBeLessThanOrEqual(120)
  }
  expect(state.documents['doc-a']?.instance).toBe(INSTANCE)
  const left = Object.values(state.documents).filter(({ instance }) => instance === FLOOD)
  expect(entries.length + left.length).toBe(400)
  expect(entries.map(({ instance }) => instance)).not.toContain(INSTANCE)
  expect(entries.map(({ outcome }) => outcome)).not.toContain('confirmed')
  expect(flagsOf(state).length).toBeLessThanOrEqual(200)
})

test('one damaged document is put aside, and no other', () => {
  const own = new EventPlayer()
  own.open(header('doc-a'))
  const good = own.state.documents['doc-a']
  const bad = { ...good, docId: 'bad', timeline: null, gone: { at: T0, by: 'pagehide' }, closing: { at: 0 } }
  const state = { ...own.state, documents: { ...own.state.documents, bad } } as unknown as CloseState
  const tick = { type: 'tick', at: T0 + 90_000, tabs: {}, holding: [] } as const
  expect(() => reduceCloses(state, tick, CONTEXT)).toThrow()
  const { state: left, aside } = salvaged(state, tick, CONTEXT)
  expect(Object.keys(left.documents)).toEqual(['doc-a'])
  expect(aside).toEqual([bad])
})

test('an event that cannot be processed is put aside, and leaves the state unchanged', () => {
  const own = new EventPlayer()
  own.open(header('doc-a'))
  const event = { type: 'document', at: T0 } as unknown as CcpEvent
  const { state, aside } = salvaged(own.state, event, CONTEXT)
  expect(Object.keys(state.documents)).toEqual(['doc-a'])
  expect(aside).toEqual([event])
})
