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

/** What the field check reaches of the world around it, for the agent that it is about. */
export interface Outside {
  /** Their documents that are not known to be gone, the one of the check first. */
  readonly documents: () => Promise<readonly CcpDocument[]>
  readonly caller: (by: CallBy) => Promise<Caller | null>
  /** @param pause rejects where the check is to end meanwhile. */
  readonly probe: (url: string, pause: (ms: number) => Promise<unknown>) => Promise<ProbeFindings | null>
  readonly frames: (tabId: number) => Promise<readonly { readonly depth: number; readonly path: string }[]>
  readonly headers: (place: TabPlace) => Promise<readonly (readonly [string, string])[] | null>
  /** Their newest log entries. */
  readonly entries: () => Promise<readonly LogEntry[]>
  /** Opens their CCP, or brings it to the front. */
  readonly openCcp: () => Promise<void>
}

/** What this worker has read of the agent: never stored. */
export interface Memory {
  states: readonly ChosenState[] | null
  routingProfileArn: string | null
}

/** All that a step works with. */
export interface Performing {
  readonly check: FieldCheck
  readonly calls: CheckCalls
  readonly outside: Outside
  readonly memory: Memory
  readonly now: () => number
  /** Rejects with `Stop` where the check is to end meanwhile. */
  readonly pause: (ms: number) => Promise<unknown>
}

/** The agent's own list; asked for again where another worker has read it. */
export async function statesOf({ calls, memory }: Performing): Promise<readonly ChosenState[]> {
  memory.states ??= listedStates(await calls.states('page').catch(() => calls.states('background')))
  return memory.states
}

/** The open document of the agent whom the check is for, or null where none can be reached. */
export async function openDocument({ documents }: Outside): Promise<CcpDocument | null> {
  return (await documents()).find(isReachable) ?? null
}
