/** @jest-environment jsdom */
import './hooks'
import type { CloseResult } from '../../../src/domain/close-report'
import type { AgentWatch } from '../../../src/page/agent-watch'
import { callStreams } from '../../../src/page/offline-attempts'
import type { InsecureAgent } from '../../../src/page/streams'
import { state } from '../domain/build'

const OFFLINE = { name: 'Abgemeldet', type: 'offline', agentStateARN: 'arn:offline' }

let asked: unknown[]
let heard: CloseResult[]
const call = (setState: (target: unknown) => void): void => {
  const agent = { getAgentStates: () => [OFFLINE], setState } as unknown as InsecureAgent
  const watch: AgentWatch = {
    start: () => undefined,
    agent: () => agent,
    facts: () => null,
    look: () => undefined,
    stop: () => undefined,
  }
  callStreams(watch, state('offline'), false, (result) => heard.push(result))
}

beforeEach(() => {
  asked = []
  heard = []
})

test('Streams receives the page’s own state object', () => {
  call((target) => asked.push(target))
  expect(asked[0]).toBe(OFFLINE)
})

test('an error thrown by Streams is reported as the result', () => {
  call(() => {
    throw new Error('Detached')
  })
  expect(heard).toEqual([{ ok: false, error: { type: 'Error', message: 'Detached' } }])
})
