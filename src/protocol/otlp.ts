/** The requests to an organization's collector, and its answers: OTLP/HTTP, as OpenTelemetry's own code writes it. */
import { SeverityNumber } from '@opentelemetry/api-logs'
import { JsonLogsSerializer, ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer'
import type { HttpAnswer } from '../domain/fleet/answer'
import type { Attributes, FleetRecord } from '../domain/fleet/record'

/** The encoding of a request. */
export type OtlpProtocol = 'protobuf' | 'json'

/** A record in the form that OpenTelemetry's serializers take. */
type Readable = Parameters<typeof ProtobufLogsSerializer.serializeRequest>[0][number]

const SCOPE = 'ccp-signoff'
const SEVERITIES = { INFO: SeverityNumber.INFO, WARN: SeverityNumber.WARN, ERROR: SeverityNumber.ERROR }
const SERIALIZERS = { protobuf: ProtobufLogsSerializer, json: JsonLogsSerializer }
const CONTENT_TYPES: { readonly [P in OtlpProtocol]: string } = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
}

export interface OtlpRequest {
  readonly contentType: string
  readonly body: Uint8Array
}

/**
 * A request to store logs.
 * @param resource the attributes of the machine, once for all records.
 */
export function otlpRequest(
  protocol: OtlpProtocol,
  resource: Attributes,
  version: string,
  records: readonly FleetRecord[],
): OtlpRequest {
  // One object each: the serializers group records by the identity of these objects.
  const from = { attributes: resource } as Readable['resource']
  const scope = { name: SCOPE, version }
  const body = SERIALIZERS[protocol].serializeRequest(records.map((record) => readable(record, from, scope)))
  if (body === undefined) throw new Error('OpenTelemetry has written nothing.')
  return { contentType: CONTENT_TYPES[protocol], body }
}

function readable(
  { id, at, observedAt, event, severity, body, attributes }: FleetRecord,
  resource: Readable['resource'],
  instrumentationScope: Readable['instrumentationScope'],
): Readable {
  return {
    hrTime: hrTime(at),
    hrTimeObserved: hrTime(observedAt),
    severityNumber: SEVERITIES[severity],
    severityText: severity,
    body,
    eventName: event,
    resource,
    instrumentationScope,
    // The name once more: not every store shows the field yet.
    attributes: { 'log.record.uid': id, 'event.name': event, ...attributes },
    droppedAttributesCount: 0,
  }
}

/** Seconds and nanoseconds. */
function hrTime(ms: number): [number, number] {
  const whole = Math.max(0, Math.round(ms))
  return [Math.floor(whole / 1_000), (whole % 1_000) * 1_000_000]
}

/** Longer messages of a collector are cut: people read them. */
const MAX_MESSAGE = 300

/**
 * What an answer of 2xx reports as rejected; null where the collector has taken all. An answer that cannot be read reports
 * nothing.
 */
export function partialOf(contentType: string, body: Uint8Array): HttpAnswer['partial'] {
  try {
    const protocol = /json/i.test(contentType) ? 'json' : 'protobuf'
    const { partialSuccess } = SERIALIZERS[protocol].deserializeResponse(body)
    const message = partialSuccess?.errorMessage ?? ''
    // In JSON such a number is a text, whatever the types say.
    const count: unknown = partialSuccess?.rejectedLogRecords
    const rejected = Number(count ?? 0)
    if (!(rejected > 0) && message === '') return null
    return { rejected: rejected > 0 ? Math.floor(rejected) : 0, message: message.slice(0, MAX_MESSAGE) }
  } catch {
    return null
  }
}
