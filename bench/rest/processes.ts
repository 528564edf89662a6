import { readdirSync, readFileSync } from 'node:fs'

/** What a browser's processes have used, as Linux counts it. */
export interface ProcessUse {
  /** Processor time since the browser started, in ms: that of processes that have ended, too. */
  readonly processorMs: number
  /** What the running processes have sent to the disk, in bytes. */
  readonly writtenBytes: number
  /** Memory now, in bytes: what several processes share is counted once. */
  readonly memoryBytes: number
}

/** The kernel counts processor time in hundredths of a second (`USER_HZ`). */
const TICK_MS = 10

/**
 * What the processes of a group use together.
 * @param group the id of the process that heads the group.
 */
export function useOf(group: number): ProcessUse {
  const uses = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [useOfProcess(name, group)] : []))
  const sum = (part: keyof ProcessUse): number => uses.reduce((total, use) => total + (use?.[part] ?? 0), 0)
  return { processorMs: sum('processorMs'), writtenBytes: sum('writtenBytes'), memoryBytes: sum('memoryBytes') }
}

/** null: the process belongs to another group, or has just ended. */
function useOfProcess(pid: string, group: number): ProcessUse | null {
  try {
    const stat = statOf(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    if (stat.group !== group) return null
    return {
      processorMs: stat.processorMs,
      writtenBytes: numberAfter('write_bytes', readFileSync(`/proc/${pid}/io`, 'utf8')),
      memoryBytes: numberAfter('Pss', readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) * 1_024,
    }
  } catch {
    return null
  }
}

/** Reads `/proc/PID/stat` (proc(5)): the name in brackets may have blanks and brackets of its own. */
export function statOf(text: string): { readonly group: number; readonly processorMs: number } {
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  // The fields 14 to 17: the process's own time, and that of its children that have ended.
  const ticks = fields.slice(11, 15).reduce((sum, value) => sum + value, 0)
  return { group: fields[2] ?? NaN, processorMs: ticks * TICK_MS }
}

/** The number after a name and a colon at the beginning of a line. */
export function numberAfter(name: string, text: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? NaN)
}
