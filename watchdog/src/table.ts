import type { Act, Heartbeat } from '../../src/protocol/heartbeat'
import type { AgentRows, Case, Fleet, MachineRow } from './decide/rows'

/** Heartbeats are kept for a day, cases for a week. In ms. */
export const HEARTBEAT_KEPT_MS = 24 * 60 * 60_000
export const CASE_KEPT_MS = 7 * HEARTBEAT_KEPT_MS

/** The watchdog's storage, in `dynamo-table.ts` when deployed. Times are in ms since the epoch. */
export interface Table {
  /**
   * Stores a heartbeat, unless a newer one of the same machine and agent is known.
   * @returns the row before; null where this machine has sent no heartbeat about this agent
   */
  hear(heartbeat: Heartbeat, now: number): Promise<MachineRow | null>
  /** All rows of all agents. The read is eventually consistent. */
  all(now: number): Promise<{ machines: readonly MachineRow[]; cases: readonly Case[] }>
  /** The rows of one agent, by a consistent read. */
  ofAgent(agent: string, now: number): Promise<AgentRows>
  saveCase(found: Case): Promise<void>
  /** Stores what was done in the rows of all the agent's machines, so that answers to heartbeats report it. */
  noteAct(agent: string, act: Act, now: number): Promise<void>
  fleet(): Promise<Fleet>
  /** Claims a time slot; null where it is taken or over. */
  claim(slot: number): Promise<Fleet | null>
  /** Gives up a slot in which the look has failed, so that another sweep can claim it. */
  release(slot: number): Promise<void>
  /** Stores the results of a look. */
  saveLook(found: Pick<Fleet, 'canary' | 'brakes'>): Promise<void>
  /** Stores what a command has set. */
  saveCommand(command: Partial<Pick<Fleet, 'mode' | 'releases'>>): Promise<void>
}
