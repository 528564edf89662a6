import type { Act, Heartbeat } from '../../src/protocol/heartbeat'
import { NEW_FLEET } from '../../watchdog/src/decide/rows'
import type { AgentRows, Case, Fleet, MachineRow } from '../../watchdog/src/decide/rows'
import type { Table } from '../../watchdog/src/table'
import { CASE_KEPT_MS, HEARTBEAT_KEPT_MS } from '../../watchdog/src/table'

/**
 * The watchdog's table in memory, for days with millions of
 * writes. The same contract tests run on it and on the real table.
 */
export class MemoryTable implements Table {
  private readonly machines = new Map<string, Map<string, MachineRow>>()
  private readonly cases = new Map<string, Case>()
  private stored: Fleet = NEW_FLEET

  hear(heartbeat: Heartbeat, now: number): Promise<MachineRow | null> {
    const of = this.machines.get(heartbeat.agent) ?? new Map<string, MachineRow>()
    this.machines.set(heartbeat.agent, of)
    const before = of.get(heartbeat.machine)
    if (before === undefined || before.heartbeat.seq < heartbeat.seq)
      of.set(heartbeat.machine, { heartbeat, heardAt: now, act: before?.act ?? null })
    return Promise.resolve(before !== undefined && isKept(before, now) ? before : null)
  }

  all(now: number): Promise<{ machines: MachineRow[]; cases: Case[] }> {
    const machines: MachineRow[] = []
    for (const of of this.machines.values()) for (const row of of.values()) if (isKept(row, now)) machines.push(row)
    return Promise.resolve({ machines, cases: [...this.cases.values()].filter((found) => isCaseKept(found, now)) })
  }

  ofAgent(agent: string, now: number): Promise<AgentRows> {
    const machines = [...(this.machines.get(agent)?.values() ?? [])].filter((row) => isKept(row, now))
    const found = this.cases.get(agent)
    return Promise.resolve({ machines, case: found !== undefined && isCaseKept(found, now) ? found : null })
  }

  saveCase(found: Case): Promise<void> {
    this.cases.set(found.agent, found)
    return Promise.resolve()
  }

  noteAct(agent: string, act: Act): Promise<void> {
    const of = this.machines.get(agent)
    for (const [machine, row] of of ?? []) of?.set(machine, { ...row, act })
    return Promise.resolve()
  }

  fleet(): Promise<Fleet> {
    return Promise.resolve(this.stored)
  }

  claim(slot: number): Promise<Fleet | null> {
    if (this.stored.slot >= slot) return Promise.resolve(null)
    this.stored = { ...this.stored, slot }
    return Promise.resolve(this.stored)
  }

  release(slot: number): Promise<void> {
    if (this.stored.slot === slot) this.stored = { ...this.stored, slot: slot - 1 }
    return Promise.resolve()
  }

  saveLook(found: Pick<Fleet, 'canary' | 'brakes'>): Promise<void> {
    this.stored = { ...this.stored, ...found }
    return Promise.resolve()
  }

  saveCommand(command: Partial<Pick<Fleet, 'mode' | 'releases'>>): Promise<void> {
    this.stored = { ...this.stored, ...command }
    return Promise.resolve()
  }
}

const isKept = ({ heardAt }: MachineRow, now: number): boolean => now - heardAt < HEARTBEAT_KEPT_MS
const isCaseKept = ({ openedAt }: Case, now: number): boolean => now - openedAt < CASE_KEPT_MS
