import { agentsOf, nextCoverage } from '../../../../src/domain/fleet/coverage'
import { coverageRecords } from '../../../../src/domain/fleet/coverage-records'
import { DEFAULT_SETTINGS } from '../../../../src/domain/settings'
import { facts, header, INSTANCE, EventPlayer, T0 } from '../build'

const MINUTE = 60_000
const KEY = `acme/ada`
const open = (type: Parameters<typeof facts>[0]): EventPlayer => {
  const player = new EventPlayer()
  player.open(header('doc-a'), facts(type))
  return player
}
const machine = {
  settings: DEFAULT_SETTINGS,
  policyState: 'delivered' as const,
  policyHash: 'abc',
  policyProblems: 1,
  hostsGranted: true,
  unreachedTabs: 0,
  outbox: { waiting: 2, dropped: 3, rejected: 0 },
}

describe('a record’s available agent', () => {
  test('is one who is routable', () => {
    const key = Object.keys(agentsOf(open('routable').state, null))[0] ?? KEY
    expect(agentsOf(open('routable').state, null)).toEqual({ [key]: true })
    expect(agentsOf(open('not_routable').state, null)).toEqual({ [key]: false })
    // During a call an agent counts as they did before it.
    expect(agentsOf(open('system').state, { at: T0, agents: { [key]: true } })).toEqual({ [key]: true })
    expect(agentsOf(open('system').state, null)).toEqual({ [key]: false })
  })

  test('has an open CCP', () => {
    const player = open('routable')
    player.tabRemoved(1_000)
    expect(agentsOf(player.state, null)).toEqual({})
  })
})

describe('the next coverage record', () => {
  const agents = { [KEY]: true }
  const told = { at: T0, agents }

  test('comes at a start, whatever was sent before', () => {
    expect(nextCoverage(told, agents, true, 15 * MINUTE, T0 + 5)).toEqual({ at: T0 + 5, cause: 'start' })
    expect(nextCoverage(null, {}, false, 15 * MINUTE, T0)).toEqual({ at: T0, cause: 'interval' })
  })

  test('comes when the interval is over', () => {
    expect(nextCoverage(told, agents, false, 15 * MINUTE, T0 + 5)).toEqual({ at: T0 + 15 * MINUTE, cause: 'interval' })
  })

  test('comes sooner after an agent has come, gone or changed, at most once a minute', () => {
    for (const now of [{}, { [KEY]: false }, { ...agents, other: false }]) {
      expect(nextCoverage(told, now, false, 15 * MINUTE, T0 + 5)).toEqual({ at: T0 + MINUTE, cause: 'change' })
    }
  })

  test('comes even if the clock was set back', () => {
    expect(nextCoverage(told, agents, false, 15 * MINUTE, T0 - 5)).toMatchObject({ at: T0 - 5 })
  })
})

describe('the coverage records', () => {
  test('contain what is protected, and whether the agent is Available', () => {
    const records = coverageRecords(open('routable').state, machine, 'interval', T0)
    expect(records).toHaveLength(1)
    expect(records[0]).toMatchObject({
      event: 'ccp_signoff.coverage',
      about: { instance: INSTANCE, username: 'ada' },
      attributes: {
        'ccp_signoff.agent.available': true,
        'ccp_signoff.agent.routing_profile': 'Basic',
        'ccp_signoff.agent.state.type': 'routable',
        'ccp_signoff.ccps.open': 1,
        'ccp_signoff.coverage.cause': 'interval',
        'ccp_signoff.coverage.interval_ms': 15 * MINUTE,
        'ccp_signoff.policy.hash': 'abc',
        'ccp_signoff.outbox.dropped': 3,
      },
    })
  })

  test('are one per agent, with distinct ids, and one if there is no agent', () => {
    const player = open('routable')
    const bob = facts('not_routable', { username: 'bob' })
    player.open(header('doc-b'), bob, { tabId: 2, frameId: 0, ownCookies: true })
    const records = coverageRecords(player.state, machine, 'change', T0)
    expect(records.map(({ about }) => about?.username)).toEqual(['ada', 'bob'])
    expect(new Set(records.map(({ id }) => id)).size).toBe(2)
    const [none] = coverageRecords(new EventPlayer().state, machine, 'start', T0)
    expect(none).toMatchObject({ about: null, attributes: { 'ccp_signoff.ccps.open': 0 } })
    expect(none?.attributes).not.toHaveProperty(['ccp_signoff.agent.available'])
  })

  test('name the agent only in “about”', () => {
    const [{ about, ...record } = { about: null }] = coverageRecords(open('routable').state, machine, 'start', T0)
    expect(about).not.toBeNull()
    expect(JSON.stringify(record)).not.toMatch(/\bada\b/i)
  })
})
