/** Decides from heartbeats which agents are silent, and which were left Available by a close. */
import { MAX_INTERVAL_MS } from '../../../src/protocol/heartbeat'
import type { Options } from './options'
import type { Case, MachineRow, Reason } from './rows'

export type Presence =
  /** No machine reports Available with a CCP open, and the newest heartbeat flags no close. */
  | { readonly is: 'unwatched' }
  | { readonly is: 'present'; readonly site: string; readonly isOverdue: boolean }
  /** One more missing heartbeat makes the agent silent. The storm brake counts late agents; nothing else is done. */
  | { readonly is: 'late'; readonly site: string }
  | {
      readonly is: 'suspect'
      readonly reason: Reason
      readonly site: string
      readonly since: number
      readonly machine: MachineRow
    }

/** A heartbeat is overdue this many intervals after the last one: then its second attempt is, too. */
const OVERDUE = 1.25

/**
 * A machine's interval in ms, within the watchdog's limits: a false claim must neither speed up nor delay what is done.
 */
export function intervalOf({ heartbeat }: MachineRow, { intervalMs }: Pick<Options, 'intervalMs'>): number {
  return Math.min(MAX_INTERVAL_MS, Math.max(intervalMs, heartbeat.intervalMs))
}

/**
 * Whether an agent is present, late or suspect.
 * @param machines the rows of all machines whose latest heartbeat is about the agent
 * @param now in ms since the epoch, by AWS's clock
 */
export function presenceOf(machines: readonly MachineRow[], options: Options, now: number): Presence {
  const newest = latestOf(machines)
  if (newest === undefined) return { is: 'unwatched' }
  const { site } = newest.heartbeat
  const missed = (row: MachineRow): number => (now - row.heardAt) / intervalOf(row, options)
  const least = Math.min(...machines.map(missed))
  const isOverdue = least >= OVERDUE
  const isOpen = ({ heartbeat }: MachineRow): boolean => heartbeat.ccps > 0
  if (newest.heartbeat.flag !== null && !isOpen(newest)) {
    const isElsewhere = machines.some((row) => isOpen(row) && missed(row) < options.misses)
    if (isElsewhere) return { is: 'present', site, isOverdue }
    return { is: 'suspect', reason: 'left', site, since: newest.heardAt, machine: newest }
  }
  const last = latestOf(machines.filter((row) => isOpen(row) && row.heartbeat.isAvailable))
  if (last === undefined) return { is: 'unwatched' }
  if (least >= options.misses)
    return { is: 'suspect', reason: 'silent', site: last.heartbeat.site, since: newest.heardAt, machine: last }
  if (least >= options.misses - 1) return { is: 'late', site: last.heartbeat.site }
  return { is: 'present', site: last.heartbeat.site, isOverdue }
}

/** The row whose heartbeat arrived last; the first of several at the same time. */
function latestOf(rows: readonly MachineRow[]): MachineRow | undefined {
  let latest: MachineRow | undefined
  for (const row of rows) if (latest === undefined || row.heardAt > latest.heardAt) latest = row
  return latest
}

/**
 * The rows that count, by agent. Only the latest heartbeat of each machine counts, so that a machine reports about one
 * agent. Its earlier heartbeat about another agent makes that agent neither present nor silent.
 */
export function voicesOf(rows: readonly MachineRow[]): ReadonlyMap<string, readonly MachineRow[]> {
  const byMachine = new Map<string, MachineRow>()
  for (const row of rows) {
    const known = byMachine.get(row.heartbeat.machine)
    if (known === undefined || isBefore(known, row)) byMachine.set(row.heartbeat.machine, row)
  }
  const byAgent = new Map<string, MachineRow[]>()
  for (const row of byMachine.values()) {
    const of = byAgent.get(row.heartbeat.agent)
    if (of === undefined) byAgent.set(row.heartbeat.agent, [row])
    else of.push(row)
  }
  return byAgent
}

/** Ordered by the machine's own count first: heartbeats may arrive late, or two at the same time. */
function isBefore(a: MachineRow, b: MachineRow): boolean {
  const seqs = a.heartbeat.seq - b.heartbeat.seq
  return seqs < 0 || (seqs === 0 && a.heardAt < b.heardAt)
}

/** The known case where it is about the same silence or close, even if it has ended; otherwise a new one. */
export function caseOf(
  agent: string,
  suspicion: Extract<Presence, { is: 'suspect' }>,
  known: Case | null,
  options: Options,
  now: number,
): Case {
  const { reason, site, since, machine } = suspicion
  const isSame = known?.reason === reason && (known.since === since || isOfSameClose(known, machine))
  if (known !== null && isSame) return known
  return {
    id: `${agent}/${since}`,
    agent,
    machine: machine.heartbeat.machine,
    site,
    reason,
    closeId: reason === 'left' ? (machine.heartbeat.flag?.closeId ?? null) : null,
    since,
    intervalMs: intervalOf(machine, options),
    isObserved: machine.heartbeat.isObserved,
    openedAt: now,
    waiting: 'look',
    waitingSince: now,
    userId: known?.userId ?? null,
    firstPutAt: null,
    lastPutAt: null,
    puts: 0,
    notified: [],
    outcome: null,
    endedAt: null,
  }
}

/** Whether a heartbeat has come since the case began, other than one that only repeats the case's flagged close. */
export function isBackOn(found: Case, row: MachineRow): boolean {
  return row.heardAt > found.since && !isOfSameClose(found, row)
}

/** Machines keep reporting a flagged close: a repetition says nothing new about the agent. */
function isOfSameClose({ reason, closeId }: Case, { heartbeat: { flag, ccps } }: MachineRow): boolean {
  return reason === 'left' && ccps === 0 && flag !== null && flag.closeId === closeId
}
