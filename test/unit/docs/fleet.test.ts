/** The dictionary of the records, against those that the code makes. */
import { amendmentRecord, closeRecord } from '../../../src/domain/fleet/close-records'
import { coverageRecords } from '../../../src/domain/fleet/coverage-records'
import type { Attributes, Draft } from '../../../src/domain/fleet/record'
import { newsOf, NOTHING_TOLD } from '../../../src/domain/fleet/state-records'
import type { SessionsState } from '../../../src/domain/sessions/state'
import { DEFAULT_SETTINGS } from '../../../src/domain/settings'
import { targetOf } from '../../../src/background/fleet/target'
import { facts, flag, header, INSTANCE, Sessions, T0 } from '../domain/build'
import { sampleEntry } from '../ui/samples'
import { read, tableRows } from './documents'

const FLEET = read('docs/fleet.md')
const code = (cell = ''): string => cell.replaceAll('`', '')
const told = new Map(tableRows(FLEET, 'attribute').map(([name, type]) => [code(name), type ?? '']))

/** One of each record, with all that it may say. */
function allRecords(): Draft[] {
  const sessions = new Sessions()
  sessions.open(header('doc-a'), facts('routable'))
  sessions.news(500, header('doc-a'), {
    type: 'capabilities',
    capabilities: { direct: { status: 'works', roundTripMs: 60, at: T0 }, deadMansSwitch: 'armed' },
  })
  const busy: SessionsState = {
    ...sessions.state,
    backgroundPaths: { [INSTANCE]: { status: 'works', roundTripMs: 9, at: T0 } },
    flags: [flag()],
  }
  const machine = {
    settings: DEFAULT_SETTINGS,
    policyState: 'delivered' as const,
    policyHash: 'abc',
    policyProblems: 0,
    hostsGranted: true,
    unreachedTabs: 0,
    outbox: { waiting: 0, dropped: 0, rejected: 0 },
  }
  const exposure = { from: 0, until: 5, certainty: 'exact' } as const
  const raised = newsOf(
    { ...NOTHING_TOLD, recoveries: { 'close-9': 'offered' } },
    busy,
    [{ source: 'policy', key: 'mode', value: 1, allowed: 'act' }],
    T0,
  )
  return [
    closeRecord(
      sampleEntry({
        reason: 'no_answer',
        target: 'Offline',
        exposure,
        error: { type: 'x', message: 'y' },
        would: 'set_offline',
      }),
    ),
    amendmentRecord({ id: 'a', exposure, step: { at: 1, event: 'agent_returned' } }),
    ...raised.drafts,
    ...newsOf(raised.told, sessions.state, [], T0 + 1).drafts,
    ...coverageRecords(busy, machine, 'start', T0),
  ]
}

/** Made elsewhere: by the encoder, and by what the settings say of the agent. */
const ELSEWHERE = ['log.record.uid', 'event.name', 'user.name', 'user.hash']

const typeOf = (value: Attributes[string]): string => {
  if (typeof value !== 'number') return typeof value
  return Number.isInteger(value) ? 'int' : 'double'
}

it('has every attribute, with its type, and none besides', () => {
  const made = new Map(
    allRecords().flatMap(({ attributes }) => Object.entries(attributes).map(([name, value]) => [name, typeOf(value)])),
  )
  expect([...told.keys()].filter((name) => !made.has(name)).sort()).toEqual([...ELSEWHERE].sort())
  expect([...made].filter(([name, type]) => told.get(name) !== type)).toEqual([])
})

it('has every event', () => {
  const events = new Set([...allRecords().map(({ event }) => event as string), 'ccp_signoff.test'])
  expect(
    tableRows(FLEET, 'event')
      .map(([name]) => code(name))
      .sort(),
  ).toEqual([...events].sort())
})

it('has every resource attribute', () => {
  const settings = { ...DEFAULT_SETTINGS, otlpEndpoint: 'https://collector.example.com/v1/logs' }
  const target = targetOf(settings, { version: '1', installationId: 'i', userAgent: 'u', os: 'win' })
  const named = tableRows(FLEET, 'resource attribute').map(([name]) => code(name))
  expect(named.filter((name) => name !== 'others').sort()).toEqual(Object.keys(target?.resource ?? {}).sort())
})
