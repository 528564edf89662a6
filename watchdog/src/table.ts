import type { Act, Heartbeat } from '../../src/protocol/heartbeat'
import type { AgentRows, Case, Fleet, MachineRow } from './decide/rows'

/** A heartbeat is forgotten after a day, a case after a week: then the table deletes it. In ms. */
export const HEARTBEAT_KEPT_MS = 24 * 60 * 60_000
export const CASE_KEPT_MS = 7 * HEARTBEAT_KEPT_MS

/** What the watchdog keeps. `dynamo-table.ts` is the one that is deployed. Times are ms since the epoch. */
export interface Table {
  /**
   * Notes a heartbeat, unless a newer one of that machine and agent is known.
   * @returns what was known before; null where the machine has not spoken for this agent.
   */
  hear(heartbeat: Heartbeat, now: number): Promise<MachineRow | null>
  /** All rows of all agents, maybe a moment old. */
  all(now: number): Promise<{ machines: readonly MachineRow[]; cases: readonly Case[] }>
  /** The rows of one agent as they are now. */
  ofAgent(agent: string, now: number): Promise<AgentRows>
  saveCase(found: Case): Promise<void>
  /** Leaves word of what was done for all machines of the agent. */
  noteAct(agent: string, act: Act, now: number): Promise<void>
  fleet(): Promise<Fleet>
  /** Claims a slot of time; null where it is taken, or over. */
  claim(slot: number): Promise<Fleet | null>
  /** Gives a slot back in which looking has failed. */
  release(slot: number): Promise<void>
  /** What the owner of a slot has found out. */
  saveLook(found: Pick<Fleet, 'canary' | 'brakes'>): Promise<void>
  /** What people command. */
  saveCommand(command: Partial<Pick<Fleet, 'mode' | 'releases'>>): Promise<void>
}
