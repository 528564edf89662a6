import { amendmentRecord, closeRecord } from '../../../../src/domain/fleet/close-records'
import { sampleEntry } from '../../ui/samples'

test('an entry is sent under its own id, with its outcome', () => {
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

test('only “about” names the agent', () => {
  const { about, ...record } = closeRecord(sampleEntry({ username: 'ada.lovelace', agentName: 'Ada Lovelace' }))
  expect(about).not.toBeNull()
  expect(JSON.stringify(record)).not.toMatch(/ada|lovelace/i)
})

test('an entry that needs attention is urgent, with a severity by its outcome', () => {
  const of = (outcome: 'failed' | 'unconfirmed' | 'unprotected') =>
    closeRecord(sampleEntry({ outcome, reason: null, evidence: 'none' }))
  expect(of('failed')).toMatchObject({ severity: 'ERROR', isUrgent: true })
  expect(of('unconfirmed')).toMatchObject({ severity: 'WARN', isUrgent: true })
  expect(of('unprotected')).toMatchObject({ severity: 'WARN', isUrgent: false })
})

test('an error becomes an OpenTelemetry exception, cut to a maximum length', () => {
  const { attributes } = closeRecord(
    sampleEntry({ error: { type: 'ThrottlingException', message: 'x'.repeat(5_000) } }),
  )
  expect(attributes['exception.type']).toBe('ThrottlingException')
  expect(String(attributes['exception.message'])).toHaveLength(1_025)
})

test('an exposure has a duration if it has ended', () => {
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

test('an amendment has its own id, and names the close', () => {
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
