/**
 * The instance's own API, as amazon-connect-streams calls it (AWS JSON 1.0). It is private to AWS: usable where it
 * works, never relied on alone. Source: the bundles of amazon-connect-streams 1.4.5 to 2.28.2.
 */
import type { AgentState } from '../domain/agent'

export type ApiOperation = 'PutAgentState' | 'GetAgentSnapshot' | 'GetAgentConfiguration'

export const apiTarget = (operation: ApiOperation): string => `AmazonConnectCTIService.${operation}`
export const API_HEADERS = { 'Content-Type': 'application/x-amz-json-1.0' } as const

/** Where an instance keeps its API and its tokens: below `/connect` on the legacy hosts. */
export function apiPaths(hostname: string): {
  readonly api: string
  readonly authorize: string
  readonly logout: string
} {
  const base = hostname.endsWith('.awsapps.com') ? '/connect' : ''
  return { api: `${base}/api`, authorize: `${base}/auth/authorize`, logout: `${base}/logout` }
}

/** The body of `PutAgentState`. */
export function putAgentStateBody(token: string, state: AgentState, enqueue: boolean): object {
  return {
    authentication: { authToken: token },
    state: { agentStateARN: state.arn, type: state.type, name: state.name },
    ...(enqueue ? { enqueueNextState: true } : {}),
  }
}
