import type { FieldCheck } from '../../domain/field-check/check'
import type { ChosenState } from '../../domain/field-check/looks'
import { listedStates } from '../../domain/field-check/looks'
import type { CallBy } from '../../domain/field-check/observations'
import type { LogEntry } from '../../domain/log-entry'
import type { CcpDocument, TabPlace } from '../../domain/closes/ccp-document'
import type { Caller } from './callers'
import type { CheckCalls } from './calls'
import { isReachable } from './documents'
import type { ProbeFindings } from './probe-tab'

/** What the field check needs from outside, for its agent. */
export interface Outside {
  /** The agent's documents that are not known to be gone, with the check's document first. */
  readonly documents: () => Promise<readonly CcpDocument[]>
  readonly caller: (by: CallBy) => Promise<Caller | null>
  /** See `probeCcp`. @param pause rejects where the check is to end meanwhile */
  readonly probe: (url: string, pause: (ms: number) => Promise<unknown>) => Promise<ProbeFindings | null>
  readonly frames: (tabId: number) => Promise<readonly { readonly depth: number; readonly path: string }[]>
  readonly headers: (place: TabPlace) => Promise<readonly (readonly [string, string])[] | null>
  /** The agent's entries among the newest of the log. */
  readonly entries: () => Promise<readonly LogEntry[]>
  /** Opens the agent's CCP, or brings it to the front. */
  readonly openCcp: () => Promise<void>
}

/** What this worker has read about the agent. Never stored. */
export interface Memory {
  states: readonly ChosenState[] | null
  routingProfileArn: string | null
}

/** Everything that a step needs. */
export interface Performing {
  readonly check: FieldCheck
  readonly calls: CheckCalls
  readonly outside: Outside
  readonly memory: Memory
  readonly now: () => number
  /** Rejects with `Stop` where the check is to end meanwhile. */
  readonly pause: (ms: number) => Promise<unknown>
}

/** The states that the agent can choose, requested once in a worker. */
export async function statesOf({ calls, memory }: Performing): Promise<readonly ChosenState[]> {
  memory.states ??= listedStates(await calls.states('page').catch(() => calls.states('background')))
  return memory.states
}

/** An open document of the check's agent, or null where none can be reached. */
export async function openDocument({ documents }: Outside): Promise<CcpDocument | null> {
  return (await documents()).find(isReachable) ?? null
}
