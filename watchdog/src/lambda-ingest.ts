import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as v from 'valibot'
import { DynamoTable } from './dynamo-table'
import { listOf, readEnvironment } from './environment'
import type { HttpAnswer, IngestParts } from './ingest'
import { takeHeartbeat } from './ingest'

/** The event of both a function URL and an HTTP API (payload format 2.0). */
const EVENT = v.object({
  requestContext: v.object({ http: v.object({ method: v.string() }) }),
  headers: v.optional(v.record(v.string(), v.optional(v.string())), {}),
  body: v.optional(v.string(), ''),
  isBase64Encoded: v.optional(v.boolean(), false),
})

let parts: IngestParts | null = null

/** Lambda's entry point for ingest. Throws where the event is not one of an HTTP request. */
export async function handler(event: unknown): Promise<HttpAnswer> {
  const { requestContext, headers, body, isBase64Encoded } = v.parse(EVENT, event)
  parts ??= partsOf()
  return takeHeartbeat(parts, {
    method: requestContext.http.method,
    headers,
    body: isBase64Encoded ? Buffer.from(body, 'base64').toString() : body,
  })
}

function partsOf(): IngestParts {
  const env = readEnvironment(process.env)
  return {
    table: new DynamoTable(DynamoDBDocumentClient.from(new DynamoDBClient({})), env.TABLE),
    secretHashes: listOf(env.SECRET_HASHES),
    instance: env.INSTANCE_ALIAS,
    now: Date.now,
  }
}
