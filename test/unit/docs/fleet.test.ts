/** The dictionary of records, compared with the records that the code makes. */
import { amendmentRecord, closeRecord } from '../../../src/domain/fleet/close-records'
import { coverageRecords } from '../../../src/domain/fleet/coverage-records'
import type { Attributes, Draft } from '../../../src/domain/fleet/record'
import { changesOf, NOTHING_REPORTED } from '../../../src/domain/fleet/state-records'
import type { CloseState } from '../../../src/domain/closes/state'
import { DEFAULT_SETTINGS } from '../../../src/domain/settings'
import { targetOf } from '../../../src/background/fleet/target'
import { facts, flag, flagged, header, INSTANCE, EventPlayer, T0 } from '../domain/build'
import { recordOf } from '../../../watchdog/src/record'
import { tellBy } from '../../../watchdog/src/tell'
import { sampleEntry } from '../ui/samples'
import { aCase } from '../watchdog/build'
import { read, tableRows } from './documents'

const FLEET = read('docs/fleet.md')
const code = (cell = ''): string => cell.replaceAll('`', '')
const told = new Map(tableRows(FLEET, 'attribute').map(([name, type]) => [code(name), type ?? '']))

/** One record of each kind, with all its attributes. */
function allRecords(): Draft[] {
  const player = new EventPlayer()
  player.open(header('doc-a'), facts('routable'))
  player.send(500, header('doc-a'), {
    type: 'capabilities',
    capabilities: { direct: { status: 'works', roundTripMs: 60, at: T0 }, deadMansSwitch: 'armed' },
  })
  const busy: CloseState = flagged([flag()], {
    ...player.state,
    backgroundPaths: { [INSTANCE]: { status: 'works', roundTripMs: 9, at: T0 } },
  })
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
  const raised = changesOf(
    { ...NOTHING_REPORTED, recoveries: { 'close-9': 'offered' } },
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
        routingProfile: 'Basic',
      }),
    ),
    amendmentRecord({ id: 'a', exposure, step: { at: 1, event: 'agent_returned' } }),
    ...raised.drafts,
    ...changesOf(raised.reported, player.state, [], T0 + 1).drafts,
    ...coverageRecords(busy, machine, 'start', T0),
  ]
}

/** Attributes that are added elsewhere: by the encoder, and by the identity settings. */
const ELSEWHERE = ['log.record.uid', 'event.name', 'user.name', 'user.hash']

const typeOf = (value: Attributes[string]): string => {
  if (typeof value !== 'number') return typeof value
  return Number.isInteger(value) ? 'int' : 'double'
}

it('contains every attribute with its type, and no others', () => {
  const made = new Map(
    allRecords().flatMap(({ attributes }) => Object.entries(attributes).map(([name, value]) => [name, typeOf(value)])),
  )
  expect([...told.keys()].filter((name) => !made.has(name)).sort()).toEqual([...ELSEWHERE].sort())
  expect([...made].filter(([name, type]) => told.get(name) !== type)).toEqual([])
})

it('contains every event', () => {
  const events = new Set([...allRecords().map(({ event }) => event as string), 'ccp_signoff.test'])
  expect(
    tableRows(FLEET, 'event')
      .map(([name]) => code(name))
      .sort(),
  ).toEqual([...events].sort())
})

it('contains every resource attribute', () => {
  const settings = { ...DEFAULT_SETTINGS, otlpEndpoint: 'https://collector.example.com/v1/logs' }
  const target = targetOf(settings, { version: '1', installationId: 'i', userAgent: 'u', os: 'win' })
  const named = tableRows(FLEET, 'resource attribute').map(([name]) => code(name))
  expect(named.filter((name) => name !== 'others').sort()).toEqual(Object.keys(target?.resource ?? {}).sort())
})

it('contains every attribute and event of the watchdog', async () => {
  const { attributes } = recordOf(aCase(), null, 'acme', T0) as { attributes: Attributes }
  const made = Object.entries(attributes).map(([name, value]) => [name, typeOf(value)])
  const told = tableRows(FLEET, 'watchdog attribute').map(([name, type]) => [code(name), type])
  expect(told.sort()).toEqual(made.sort())
  const records: object[] = [recordOf(aCase(), null, 'acme', T0)]
  const publish = (): Promise<void> => Promise.resolve()
  await tellBy({ instance: 'acme', log: (record) => records.push(record), publish }).tellBrake('*', [], T0)
  const events = records.map((record) => ('EventName' in record ? record.EventName : null))
  expect(tableRows(FLEET, 'watchdog event').map(([name]) => code(name))).toEqual(events)
})
