import { amendmentRecord, closeRecord } from '../../../../src/domain/fleet/close-records'
import { sampleEntry } from '../../ui/samples'

test('an entry is told under its own id, with what it says of the outcome', () => {
  const entry = sampleEntry({ id: 'close-1', outcome: 'confirmed', evidence: 'asked', tookMs: 1_234.5 })
  const record = closeRecord(entry)
  expect(record).toMatchObject({
    id: 'close-1',
    at: entry.at,
    event: 'ccp_signoff.close',
    severity: 'INFO',
    isUrgent: false,
  })
  expect(record.about).toEqual({ instance: entry.instance, username: entry.username })
  expect(record.attributes).toMatchObject({
    'server.address': entry.instance,
    'ccp_signoff.close.outcome': 'confirmed',
    'ccp_signoff.close.evidence': 'asked',
    'ccp_signoff.close.needs_attention': false,
    'ccp_signoff.close.duration_ms': 1_235,
  })
})

test('nothing in it names the agent, but whom it is about', () => {
  const { about, ...record } = closeRecord(sampleEntry({ username: 'ada.lovelace', agentName: 'Ada Lovelace' }))
  expect(about).not.toBeNull()
  expect(JSON.stringify(record)).not.toMatch(/ada|lovelace/i)
})

test('one that needs a look is urgent, and how bad it is depends on the outcome', () => {
  const of = (outcome: 'failed' | 'unconfirmed' | 'unprotected') =>
    closeRecord(sampleEntry({ outcome, reason: null, evidence: 'none' }))
  expect(of('failed')).toMatchObject({ severity: 'ERROR', isUrgent: true })
  expect(of('unconfirmed')).toMatchObject({ severity: 'WARN', isUrgent: true })
  expect(of('unprotected')).toMatchObject({ severity: 'WARN', isUrgent: false })
})

test('an error is an exception of OpenTelemetry’s, and cut where it is long', () => {
  const { attributes } = closeRecord(
    sampleEntry({ error: { type: 'ThrottlingException', message: 'x'.repeat(5_000) } }),
  )
  expect(attributes['exception.type']).toBe('ThrottlingException')
  expect(String(attributes['exception.message'])).toHaveLength(1_025)
})

test('an exposure has a duration where it has ended', () => {
  const of = (until: number | null) =>
    closeRecord(sampleEntry({ exposure: { from: 1_000, until, certainty: until === null ? 'open' : 'exact' } }))
      .attributes
  expect(of(61_000)).toMatchObject({
    'ccp_signoff.exposure.certainty': 'exact',
    'ccp_signoff.exposure.duration_ms': 60_000,
  })
  expect(of(null)).toMatchObject({ 'ccp_signoff.exposure.certainty': 'open' })
  expect(of(null)).not.toHaveProperty(['ccp_signoff.exposure.duration_ms'])
})

test('what became known later has an id of its own, and names the close', () => {
  const exposure = { from: 1_000, until: 9_000, certainty: 'at_most' } as const
  const record = amendmentRecord({ id: 'close-1', exposure, step: { at: 9_500, event: 'agent_returned' } })
  expect(record).toMatchObject({ id: 'close-1/agent_returned/9500', at: 9_500, about: null })
  expect(record.attributes).toEqual({
    'ccp_signoff.close.id': 'close-1',
    'ccp_signoff.close.amendment': 'agent_returned',
    'ccp_signoff.exposure.certainty': 'at_most',
    'ccp_signoff.exposure.duration_ms': 8_000,
  })
})
