import type { Frame } from '../../test/browser'
import type { TenantOptions } from '../../test/instance/instance'
import type { World } from '../../test/instance/world/axes'
import type { Cell, Contender } from '../matrix/cell'

/** One agent each: what one contender's background does afterwards must not be another's merit. */
export const AGENT_OF: { readonly [C in Contender]: string } = {
  signoff: 'alice',
  'aws-snippet': 'bob',
  keepalive: 'carol',
  none: 'dave',
}

const agents = Object.values(AGENT_OF).map((username) => ({ username }))
const WORKDAY_SECONDS = 12 * 3600

/** The instances: two whose session outlives the browser, one whose does not, and one that another site frames. */
const TENANTS = [
  { alias: 'acme', agents, cookieMaxAgeSeconds: WORKDAY_SECONDS },
  { alias: 'globex', agents, cookieMaxAgeSeconds: WORKDAY_SECONDS },
  { alias: 'initech', agents },
  { alias: 'northwind', agents, cookiePartitioned: true },
] as const satisfies readonly TenantOptions[]

/** The instances as they are in a world. Streams 1 needs the global `connect`: where that goes, v1 has a newer one. */
export function tenantsIn(world: World): readonly TenantOptions[] {
  const streams = world.connectGlobal === 'gone' ? { streamsV1: '2.28' as const } : {}
  return TENANTS.map((tenant) => ({ ...tenant, world, ...streams }))
}

export const LASTING = ['acme', 'globex'] as const

/** A CCP to open: in a tab of its own, or in a frame of a customer's site. */
export interface Opening {
  readonly alias: string
  readonly generation: 'v1' | 'v2'
  readonly framed: boolean
}

/** The CCPs of a cell; the first is the one that is closed, with the others where the whole browser ends. */
export function openingsOf({ close, cookies }: Cell): readonly [Opening, ...Opening[]] {
  if (close === 'frame') return [{ alias: 'northwind', generation: 'v2', framed: true }]
  const first: Opening = { alias: cookies === 'session' ? 'initech' : 'acme', generation: 'v1', framed: false }
  if (close !== 'several') return [first]
  return [first, { ...first, generation: 'v2' }, { ...first, alias: 'globex' }]
}

/** Resolves when the CCP shows a state of the type. */
export async function waitForState(ccp: Frame, type: string): Promise<void> {
  await ccp.waitFor((t: string) => document.body.dataset['stateType'] === t, type)
}
