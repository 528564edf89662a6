import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Faults, Fate } from '../faults'
import type { Journal, RequestDetails, RequestEntry } from '../journal'
import { ApiError } from '../model/errors'
import type { JsonRecord } from './json'
import { breakConnection, connectionOf } from './connection'
import { readCookies } from './sessions'

const PORTAL = '<!doctype html><title>Guest network</title><p>Accept the terms to go on.'

const connections = new WeakMap<object, { readonly id: number; requests: number }>()
let lastConnection = 0

function browserOf(userAgent: string): RequestDetails['browser'] {
  if (/Firefox\//.test(userAgent)) return 'firefox'
  return /Chrom(e|ium)\//.test(userAgent) ? 'chromium' : 'other'
}

const single = (value: string | string[] | undefined): string | undefined => [value].flat()[0]

/** What the journal records about a request. */
export function detailsOf(request: IncomingMessage): RequestDetails {
  const carrier = connectionOf(request)
  const connection = connections.get(carrier) ?? { id: ++lastConnection, requests: 0 }
  connections.set(carrier, connection)
  const { headers } = request
  return {
    method: request.method ?? 'GET',
    host: headers.host ?? '',
    path: request.url ?? '/',
    origin: headers.origin,
    referer: headers.referer,
    browser: browserOf(headers['user-agent'] ?? ''),
    userAgent: headers['user-agent'],
    fetchSite: single(headers['sec-fetch-site']),
    fetchMode: single(headers['sec-fetch-mode']),
    fetchDest: single(headers['sec-fetch-dest']),
    cookies: [...readCookies(headers.cookie).keys()],
    connection: connection.id,
    requestsBefore: connection.requests++,
  }
}

/** Reads the body of a request as UTF-8. Rejects where the client goes away meanwhile. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** One request and its answer, with its journal entry, and the faults that affect it. */
export class Exchange {
  /** Aborted when the client goes away before its answer is complete. */
  readonly gone: AbortSignal

  constructor(
    private readonly response: ServerResponse,
    private readonly journal: Journal,
    private readonly faults: Faults,
    readonly entry: RequestEntry,
  ) {
    const controller = new AbortController()
    this.gone = controller.signal
    response.on('close', () => {
      if (response.writableFinished) return
      entry.clientGoneAt = Date.now()
      journal.changed(entry)
      controller.abort()
    })
  }

  /** Carries out the request and sends its answer, unless a fault changes either. */
  async run(work: () => Promise<JsonRecord> | JsonRecord, send: (answer: JsonRecord) => void): Promise<void> {
    const fate = this.faults.fateOf({
      operation: this.entry.operation,
      origin: this.entry.details.origin,
      agent: this.entry.agent,
      waits: typeof this.entry.input['nextToken'] === 'string',
    })
    await pause(fate.workMs)
    if (fate.hang) return
    if (fate.portal) {
      this.response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(PORTAL)
      this.finish(200)
      return
    }
    const answer = await this.answerOf(fate, work)
    await pause(fate.delayMs)
    if (fate.drop) breakConnection(this.response)
    else if (answer instanceof ApiError) this.refuse(answer)
    else {
      send(answer)
      this.finish(this.response.statusCode)
    }
  }

  /** Answers with an error, in the format of AWS JSON 1.0. */
  refuse(error: ApiError): void {
    this.response.writeHead(error.status, {
      'Content-Type': 'application/x-amz-json-1.0',
      'x-amzn-ErrorType': error.code,
    })
    this.response.end(JSON.stringify({ __type: error.code, message: error.message }))
    this.finish(error.status, error.code)
  }

  private async answerOf(fate: Fate, work: () => Promise<JsonRecord> | JsonRecord): Promise<JsonRecord | ApiError> {
    const applied = fate.error?.applied ?? fate.drop?.applied ?? true
    try {
      const answer = applied ? await work() : {}
      return fate.error?.cause ?? answer
    } catch (error) {
      return error instanceof ApiError ? error : new ApiError('InternalServiceException', 500, String(error))
    }
  }

  private finish(status: number, code?: string): void {
    this.entry.error = code
    // An answer to a client that is gone does not count as an answer.
    if (this.gone.aborted) return
    this.entry.status = status
    this.entry.answeredAt = Date.now()
    this.journal.changed(this.entry)
  }
}

/** Resolves after `ms`. The timer does not keep the process running. */
export const pause = (ms: number): Promise<void> =>
  ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms).unref()) : Promise.resolve()
