/** Amazon Connect's public API, for calls by the AWS SDK. It has the same agents as the private API. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Tenant } from '../api/tenant'
import type { Journal, RequestEntry } from '../journal'
import { instanceId } from '../model/arn'
import { ApiError } from '../model/errors'
import { detailsOf, readBody } from '../server/exchange'
import { parseRecord, type JsonRecord } from '../server/json'
import { PUBLIC_OPERATIONS, statusIdOf } from './operations'

export interface PublicApiOptions {
  /** How many calls of an operation a second are allowed; more are answered with `ThrottlingException`. */
  readonly quota?: number
  /** The tags of users, by user name. */
  readonly tags?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Converts a time of the model to the caller's clock, where that differs. In ms since the epoch. */
  readonly timeOf?: (ms: number) => number
  /** The present time by the caller's clock, by which calls are counted. */
  readonly now?: () => number
}

export interface PublicApi {
  /** The SDK's option `endpoint`. */
  readonly endpoint: string
  readonly instanceId: string
  /** The id of an agent status, by its name, type or ARN. */
  statusId(nameOrTypeOrArn: string): string
  close(): Promise<void>
}

/**
 * The calls a second that an account has for `PutUserStatus`.
 * The watchdog plans with the same for the other operations.
 */
const QUOTA = 2

/** Starts the API on a free port of the loopback interface. */
export async function startPublicApi(
  tenant: Tenant,
  journal: Journal,
  { quota = QUOTA, tags = {}, timeOf = (ms) => ms, now = Date.now }: PublicApiOptions = {},
): Promise<PublicApi> {
  const calls: { readonly name: string; readonly at: number }[] = []

  async function answer(request: IncomingMessage): Promise<JsonRecord> {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const operation = PUBLIC_OPERATIONS.find(({ method, path }) => method === request.method && path.test(url.pathname))
    if (operation === undefined) throw new ApiError('UnknownOperationException', 404)
    const { name } = operation
    const input = { ...Object.fromEntries(url.searchParams), ...parseRecord(await readBody(request)) }
    const entry = journal.add<RequestEntry>({
      kind: 'request',
      alias: tenant.alias,
      agent: undefined,
      operation: name,
      details: detailsOf(request),
      input,
      status: undefined,
      error: undefined,
      answeredAt: undefined,
      clientGoneAt: undefined,
    })
    try {
      const at = now()
      calls.push({ name, at })
      const recent = calls.filter((call) => call.name === name && at - call.at < 1_000)
      if (recent.length > quota) throw new ApiError('ThrottlingException', 429, 'Rate exceeded')
      const path = operation.path.exec(url.pathname)?.slice(1).map(decodeURIComponent) ?? []
      const result = operation.run({ tenant, path, input, tagsOf: (username) => tags[username] ?? {}, timeOf })
      Object.assign(entry, { status: 200, answeredAt: Date.now() })
      return result
    } catch (error) {
      const { status, code } = asApiError(error)
      Object.assign(entry, { status, error: code, answeredAt: Date.now() })
      throw error
    } finally {
      journal.changed(entry)
    }
  }

  const server = createServer((request, response) => {
    answer(request).then(
      (body) => send(response, 200, body),
      (error: unknown) => {
        const { status, code, message } = asApiError(error)
        response.setHeader('x-amzn-errortype', code)
        send(response, status, { message })
      },
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    instanceId: instanceId(tenant.alias),
    statusId: (name) => statusIdOf(tenant.states.get(name)),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function send(response: ServerResponse, status: number, body: JsonRecord): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}

const asApiError = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError('InternalServiceException', 500, String(error))
