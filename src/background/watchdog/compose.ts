import type { Presence } from '../../domain/heartbeat/presence'
import { pairOf } from '../../domain/fleet/endpoint'
import type { Settings } from '../../domain/settings'
import type { Heartbeat } from '../../protocol/heartbeat'
import { readHeartbeat } from '../../protocol/heartbeat'
import { keyedHash } from '../fleet/identify'

export interface Sender {
  /** The random id of this browser profile. */
  readonly machine: string
  /** Which of the profile's slots speaks for the agent: the watchdog allows each to speak for one. */
  readonly slot: number
  readonly seq: number
}

/**
 * The content of a heartbeat. null where it would be malformed: an instance has given its agent a name that no instance gives.
 */
export async function composeHeartbeat(
  { instance, username, isAvailable, state, ccps, flag }: Presence,
  settings: Settings,
  { machine, slot, seq }: Sender,
): Promise<Heartbeat | null> {
  const isHash = settings.agentIdentity === 'hash'
  const agent = isHash ? `h:${await keyedHash(settings.agentHashKey, instance, username)}` : `n:${username}`
  return readHeartbeat({
    version: 1,
    machine: slot === 0 ? machine : `${machine}/${slot}`,
    seq,
    instance,
    agent,
    intervalMs: settings.heartbeatSeconds * 1_000,
    isAvailable,
    state: { name: state.name.slice(0, 256), since: state.since === null ? null : Math.round(state.since) },
    ccps,
    flag: flag === null ? null : { ...flag, since: Math.round(flag.since) },
    isObserved: settings.mode === 'observe',
    site: siteOf(settings),
  })
}

/** `site=...` of the setting `otlpResource`; empty where it names none. */
function siteOf({ otlpResource }: Settings): string {
  return new Map(otlpResource.map(pairOf)).get('site') ?? ''
}
