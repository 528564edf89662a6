import { otlpRequest, partialOf } from '../../../src/protocol/otlp'
import { decodeRequest, encodeResponse } from '../../collector/decode'
import { record } from '../background/fleet/build'

const RESOURCE = { 'service.name': 'ccp-signoff', site: 'Lisboa' }

describe.each(['protobuf', 'json'] as const)('as %s', (protocol) => {
  test('the official definitions can read what was written', () => {
    const { contentType, body } = otlpRequest(protocol, RESOURCE, '1.2.3', [
      record('a', {
        at: 1_764_000_000_123,
        severity: 'ERROR',
        attributes: { text: 'ü', whole: 7, half: 0.5, yes: true },
      }),
      record('b'),
    ])
    const [a, b] = decodeRequest(contentType, body)
    expect(a).toEqual({
      resource: RESOURCE,
      scope: 'ccp-signoff',
      event: 'ccp_signoff.close',
      severity: 'ERROR',
      severityNumber: 17,
      body: 'tab_closed: confirmed',
      at: 1_764_000_000_123,
      observedAt: record('a').observedAt,
      attributes: {
        'log.record.uid': 'a',
        'event.name': 'ccp_signoff.close',
        text: 'ü',
        whole: 7,
        half: 0.5,
        yes: true,
      },
    })
    expect(b?.attributes['log.record.uid']).toBe('b')
  })

  test('an answer contains what was rejected', () => {
    const type = protocol === 'json' ? 'application/json' : 'application/x-protobuf'
    expect(partialOf(type, encodeResponse(type, 0, ''))).toBeNull()
    expect(partialOf(type, encodeResponse(type, 3, 'too old'))).toEqual({ rejected: 3, message: 'too old' })
    expect(partialOf(type, encodeResponse(type, 0, 'a warning'))).toEqual({ rejected: 0, message: 'a warning' })
  })
})

test.each([
  ['application/x-protobuf', Buffer.from('<html>')],
  ['application/json', Buffer.from('{"partialSuccess":')],
  ['text/html', Buffer.from([0xff, 0xff])],
  ['application/x-protobuf', Buffer.alloc(0)],
])('an unreadable answer of %s counts as nothing rejected', (type, bytes) => {
  expect(partialOf(type, bytes)).toBeNull()
})

test('a number of rejected records may be text, as in JSON', () => {
  const body = Buffer.from('{"partialSuccess":{"rejectedLogRecords":"2"}}')
  expect(partialOf('application/json; charset=utf-8', body)).toEqual({ rejected: 2, message: '' })
})
