/** Reads OTLP as its official protobuf definitions have it: those that OpenTelemetry's own package was generated from. */
import { opentelemetry } from 'otlp-proto/build/src/generated/root'

export type Value = string | number | boolean | null

/** A log record, as a collector sees it. */
export interface Received {
  readonly resource: Readonly<Record<string, Value>>
  readonly scope: string
  readonly event: string
  readonly severity: string
  readonly severityNumber: number
  readonly body: Value
  /** ms since the epoch. */
  readonly at: number
  readonly observedAt: number
  readonly attributes: Readonly<Record<string, Value>>
}

interface AnyValue {
  readonly stringValue?: string
  readonly boolValue?: boolean
  readonly intValue?: number | string
  readonly doubleValue?: number
}
interface KeyValue {
  readonly key: string
  readonly value: AnyValue
}
interface Request {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes?: readonly KeyValue[] }
    readonly scopeLogs: readonly {
      readonly scope: { readonly name: string }
      readonly logRecords: readonly {
        readonly timeUnixNano: string
        readonly observedTimeUnixNano: string
        readonly severityNumber: number
        readonly severityText: string
        readonly body: AnyValue
        readonly eventName: string
        readonly attributes?: readonly KeyValue[]
      }[]
    }[]
  }[]
}

const { ExportLogsServiceRequest, ExportLogsServiceResponse } = opentelemetry.proto.collector.logs.v1

/** The records of a request. Throws where it is none. */
export function decodeRequest(contentType: string, bytes: Uint8Array): Received[] {
  const message = contentType.includes('json')
    ? ExportLogsServiceRequest.fromObject(JSON.parse(Buffer.from(bytes).toString()) as object)
    : ExportLogsServiceRequest.decode(bytes)
  const wrong = ExportLogsServiceRequest.verify(message)
  if (wrong !== null) throw new Error(wrong)
  const { resourceLogs } = ExportLogsServiceRequest.toObject(message, { longs: String, arrays: true }) as Request
  return resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ scope, logRecords }) =>
      logRecords.map((record) => ({
        resource: recordOf(resource.attributes),
        scope: scope.name,
        event: record.eventName,
        severity: record.severityText,
        severityNumber: record.severityNumber,
        body: valueOf(record.body),
        at: millisecondsOf(record.timeUnixNano),
        observedAt: millisecondsOf(record.observedTimeUnixNano),
        attributes: recordOf(record.attributes),
      })),
    ),
  )
}

/** An answer that has taken all, or has rejected some. */
export function encodeResponse(contentType: string, rejected: number, message: string): Buffer {
  const partialSuccess = { rejectedLogRecords: rejected, errorMessage: message }
  const answer = rejected === 0 && message === '' ? {} : { partialSuccess }
  if (contentType.includes('json')) return Buffer.from(JSON.stringify(answer))
  return Buffer.from(ExportLogsServiceResponse.encode(ExportLogsServiceResponse.fromObject(answer)).finish())
}

function recordOf(attributes: readonly KeyValue[] = []): Record<string, Value> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]))
}

function valueOf({ stringValue, boolValue, intValue, doubleValue }: AnyValue): Value {
  if (intValue !== undefined) return Number(intValue)
  return stringValue ?? boolValue ?? doubleValue ?? null
}

const millisecondsOf = (nano: string): number => Number(BigInt(nano) / 1_000_000n)
