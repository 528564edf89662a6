/**
 * The instance's own API, as amazon-connect-streams calls it (AWS JSON 1.0). It is private to AWS: usable where it
 * works, never relied on alone. Source: the bundles of amazon-connect-streams 1.4.5 to 2.28.2.
 */
import type { AgentState } from '../domain/agent'

export type ApiOperation =
  'PutAgentState' | 'GetAgentSnapshot' | 'GetAgentStates' | 'GetAgentConfiguration' | 'GetRoutingProfileQueues'

export const apiTarget = (operation: ApiOperation): string => `AmazonConnectCTIService.${operation}`
export const API_HEADERS = { 'Content-Type': 'application/x-amz-json-1.0' } as const

/** The paths of an instance's API and tokens: below `/connect` on the legacy hosts. */
export function apiPaths(hostname: string): {
  readonly api: string
  readonly authorize: string
  readonly logout: string
} {
  const base = hostname.endsWith('.awsapps.com') ? '/connect' : ''
  return { api: `${base}/api`, authorize: `${base}/auth/authorize`, logout: `${base}/logout` }
}

/**
 * Whether an address is one where instances have their API, on whichever host. The background asks nowhere else on a page's
 * report: what answers there is the instance, and nothing that a page could have put elsewhere on its origin.
 */
export function isApiAddress({ pathname, search }: URL): boolean {
  return search === '' && (pathname === '/api' || pathname === '/connect/api')
}

/** The body of `PutAgentState`. */
export function putAgentStateBody(token: string, state: AgentState, enqueue: boolean): object {
  return {
    authentication: { authToken: token },
    state: { agentStateARN: state.arn, type: state.type, name: state.name },
    ...(enqueue ? { enqueueNextState: true } : {}),
  }
}

/** How long Streams lets a snapshot be held back until something changes, in ms. */
const SNAPSHOT_TIMEOUT_MS = 30_000

/**
 * The body of `GetAgentSnapshot`, as Streams has it: never with a timeout of 0, which no client is known to send.
 * @param nextToken of the snapshot before: the answer comes when something has changed since, or the timeout is over.
 *   Without one it comes at once.
 */
export function snapshotBody(token: string, nextToken?: string): object {
  const since = nextToken === undefined ? {} : { nextToken }
  return { authentication: { authToken: token }, ...since, timeout: SNAPSHOT_TIMEOUT_MS }
}
