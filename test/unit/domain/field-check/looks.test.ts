import { formOf, inboundQueues, listedStart, lookAt } from '../../../../src/domain/field-check/looks'
import { measuredWorld } from '../../../../src/domain/field-check/measure'
import { NOTHING_OBSERVED } from '../../../../src/domain/field-check/observations'
import { verdictsOf } from '../../../../src/domain/field-check/verdicts'

it('a look contains kinds and times, but no name', () => {
  const look = lookAt({
    snapshot: {
      state: { name: 'Disponible', type: 'ROUTABLE', agentStateARN: null, startTimestamp: 1646311432.698 },
      agentAvailabilityState: { state: 'Disponible', timeStamp: '2022-03-03T12:43:52.223Z' },
      contacts: [{}],
      snapshotTimestamp: 1646406656.698,
    },
  })
  expect(look).toEqual({
    kind: 'routable',
    hasArn: false,
    snapshotAt: 1646406656698,
    startAt: 1646311432698,
    tellsChoice: true,
    chosenAt: 1646311432223,
    contacts: 1,
  })
})

it.each([null, 'text', [], { snapshot: null }, { snapshot: { state: { type: 7 } } }])('%j is not a look', (body) => {
  expect(lookAt(body)).toBeNull()
})

it('unknown fields are reported by name if the name looks like code', () => {
  const form = formOf({ snapshot: { state: { name: null, newField: 1, 'Alice Smith': 2 } }, odd: [{ inner: 3 }] })
  expect(form).toEqual({ hasNulls: true, unknownFields: ['[other]', 'newField', 'odd'] })
  expect(formOf({ configuration: { agentPreferences: { LANGUAGE: 'x' } } }).unknownFields).toEqual([])
})

it("only the agent's own queue brings no contacts", () => {
  const own = { queueARN: 'arn:aws:connect:eu:1:instance/2/queue/agent/3' }
  expect(inboundQueues({ queues: [own] })).toBe(0)
  expect(inboundQueues({ queues: [own, { queueARN: 'arn:aws:connect:eu:1:instance/2/queue/9' }] })).toBe(1)
  expect(inboundQueues({ queues: [{}] })).toBe(1)
})

it('an empty list of states shows no start times', () => {
  expect(listedStart({ states: [] })).toBeNull()
})

it('without observations nothing is measured, and each axis says so', () => {
  expect(measuredWorld(NOTHING_OBSERVED)).toEqual({})
  expect(new Set(verdictsOf(NOTHING_OBSERVED).map(({ verdict }) => verdict))).toEqual(new Set(['not_tried']))
})

it('a protocol outside the axis is reported as new', () => {
  const page = {
    globals: ['connect'],
    unknownMembers: [],
    throwingMembers: 0,
    streamsVersion: null,
    parameters: [],
    endpoint: 'other_origin',
    expiration: null,
    pushes: false,
    protocol: 'h3',
    unloadAllowed: null,
  } as const
  const verdicts = verdictsOf({ ...NOTHING_OBSERVED, page })
  expect(verdicts.filter(({ meaning }) => meaning === 'other_value').map(({ axis }) => axis)).toEqual([
    'endpoint',
    'http',
  ])
})
