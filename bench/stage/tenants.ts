import type { Frame } from '../../test/browser'
import type { TenantOptions } from '../../test/instance/instance'
import type { World } from '../../test/instance/world/axes'
import type { Cell, Contender } from '../matrix/cell'

/** Each contender has its own agent, so that what one contender's background does late is not credited to another. */
export const AGENT_OF: { readonly [C in Contender]: string } = {
  signoff: 'alice',
  'aws-snippet': 'bob',
  keepalive: 'carol',
  none: 'dave',
}

const agents = Object.values(AGENT_OF).map((username) => ({ username }))
const WORKDAY_SECONDS = 12 * 3600

/**
 * The instances: three with sessions that outlive the browser, the third over HTTP/2; one without; and one whose CCP is
 * framed by another site.
 */
const TENANTS = [
  { alias: 'acme', agents, cookieMaxAgeSeconds: WORKDAY_SECONDS },
  { alias: 'globex', agents, cookieMaxAgeSeconds: WORKDAY_SECONDS },
  { alias: 'hooli', agents, cookieMaxAgeSeconds: WORKDAY_SECONDS },
  { alias: 'initech', agents },
  { alias: 'northwind', agents, cookiePartitioned: true },
] as const satisfies readonly TenantOptions[]

/** The tenants in a world. Streams 1 needs the global `connect`: in a world without it, CCP v1 gets Streams 2. */
export function tenantsIn(world: World): readonly TenantOptions[] {
  const streams = world.connectGlobal === 'gone' ? { streamsV1: '2.28' as const } : {}
  const worldOf = (alias: string): World => (alias === 'hooli' ? { ...world, http: 'h2' } : world)
  return TENANTS.map((tenant) => ({ ...tenant, world: worldOf(tenant.alias), ...streams }))
}

/** The aliases of the instances whose sessions outlive the browser. */
export const LASTING = ['acme', 'globex', 'hooli'] as const

/** A CCP to open: in its own tab, or in a frame of another site. */
export interface Opening {
  readonly alias: string
  readonly generation: 'v1' | 'v2'
  readonly framed: boolean
}

/** The CCPs of a cell. The first one is closed; where the browser is quit, the others go with it. */
export function openingsOf({ close, cookies, network }: Cell): readonly [Opening, ...Opening[]] {
  if (close === 'frame') return [{ alias: 'northwind', generation: 'v2', framed: true }]
  const alias = cookies === 'session' ? 'initech' : network === 'h2' ? 'hooli' : 'acme'
  const first: Opening = { alias, generation: 'v1', framed: false }
  if (close !== 'several') return [first]
  return [first, { ...first, generation: 'v2' }, { ...first, alias: 'globex' }]
}

/** Resolves when the CCP shows a state of this type. */
export async function waitForState(ccp: Frame, type: string): Promise<void> {
  await ccp.waitFor((t: string) => document.body.dataset['stateType'] === t, type)
}
