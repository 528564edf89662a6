import { request as httpsRequest, type Agent } from 'node:https'
import type { IncomingHttpHeaders } from 'node:http'
import { hostOf, baseOf } from './server/hosts'
import { isRecord, parseRecord, type JsonRecord } from './server/json'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly json: JsonRecord
}

export interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly agent?: Agent
  readonly signal?: AbortSignal
}

/** Sends one HTTPS request to the stand-in, for tests without a browser. Rejects where the connection fails. */
export function ask(port: number, url: string, { body, signal, ...rest }: Ask = {}): Promise<Answer> {
  const { host, pathname, search } = new URL(url)
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: '127.0.0.1',
        port,
        servername: host,
        path: pathname + search,
        rejectUnauthorized: false,
        ...(signal && { signal }),
        ...rest,
        headers: { Host: host, ...rest.headers },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parseRecord(text) ?? {} })
        })
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

/** Calls the API as Streams does, for a signed-in agent without a browser. */
export class ApiClient {
  private constructor(
    private readonly port: number,
    private readonly origin: string,
    readonly cookie: string,
    private token: string,
  ) {}

  static async signIn(port: number, username: string, alias = 'acme'): Promise<ApiClient> {
    const origin = `https://${hostOf(alias, 'legacy')}${baseOf('legacy')}`
    const answer = await ask(port, `${origin}/login?as=${username}`)
    const cookie = (answer.headers['set-cookie']?.[0] ?? '').split(';', 1)[0] ?? ''
    const client = new ApiClient(port, origin, cookie, '')
    await client.authorize()
    return client
  }

  async authorize(): Promise<Answer> {
    const answer = await ask(this.port, `${this.origin}/auth/authorize`, { headers: { Cookie: this.cookie } })
    const token = answer.json['accessToken']
    if (typeof token === 'string') this.token = token
    return answer
  }

  logout(): Promise<Answer> {
    return ask(this.port, `${this.origin}/logout`, { headers: { Cookie: this.cookie } })
  }

  call(operation: string, input: JsonRecord = {}, options: Ask = {}): Promise<Answer> {
    return ask(this.port, `${this.origin}/api`, {
      method: 'POST',
      ...options,
      headers: {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': `AmazonConnectCTIService.${operation}`,
        'X-Amz-Bearer': this.token,
        ...options.headers,
      },
      body: JSON.stringify({ authentication: { authToken: this.token }, ...input }),
    })
  }

  /** Fetches all pages of the states that the agent can choose. */
  async states(maxResults = 500): Promise<JsonRecord[]> {
    const found: JsonRecord[] = []
    let nextToken: unknown = undefined
    do {
      const { json } = await this.call('GetAgentStates', {
        maxResults,
        ...(typeof nextToken === 'string' && { nextToken }),
      })
      found.push(...(Array.isArray(json['states']) ? json['states'].filter(isRecord) : []))
      nextToken = json['nextToken']
    } while (typeof nextToken === 'string')
    return found
  }

  /** `PutAgentState` with the first state of a type. */
  async putState(type: string, more: JsonRecord = {}, options: Ask = {}): Promise<Answer> {
    const state = (await this.states()).find((each) => each['type'] === type)
    return this.call('PutAgentState', { state: { ...state, startTimestamp: undefined }, ...more }, options)
  }
}
