/** The log as JSON: entries as the log has them, an entry a line, with times in ISO 8601 (UTC). */
import type { LogEntry } from '../../domain/log-entry'
import { without } from '../../domain/without'
import { isoTime } from './iso'

/** Raise the version with each change that breaks readers. */
export const JSON_FORMAT = { format: 'ccp-signoff-log', version: 1 } as const

export function jsonHead(exportedAt: number, extensionVersion: string): string {
  const head = JSON.stringify({ ...JSON_FORMAT, exportedAt: isoTime(exportedAt), extensionVersion })
  return `${head.slice(0, -1)},"entries":[`
}

export function jsonLine(entry: LogEntry, isFirst: boolean): string {
  const { at, stateBefore, exposure, timeline } = entry
  const exported = {
    ...entry,
    at: isoTime(at),
    stateBefore: { ...without(stateBefore, 'notBefore'), startTimestamp: isoTime(stateBefore.startTimestamp) },
    // Entries of older versions have none.
    exposure: exposure && { ...exposure, from: isoTime(exposure.from), until: isoTime(exposure.until) },
    timeline: timeline.map((step) => ({ ...step, at: isoTime(step.at) })),
  }
  return `${isFirst ? '\n' : ',\n'}${JSON.stringify(exported)}`
}

export const JSON_TAIL = '\n]}\n'
