import type { Cause, LogEntry } from '../../src/domain/log-entry'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** The agents who share the computer in the pictures. */
const AGENTS = [
  { username: 'dana.reyes', agentName: 'Dana Reyes', routingProfile: 'Billing' },
  { username: 'sam.okafor', agentName: 'Sam Okafor', routingProfile: 'Billing' },
  { username: 'noor.haddad', agentName: 'Noor Haddad', routingProfile: 'Returns' },
  { username: 'mika.lind', agentName: 'Mika Lind', routingProfile: 'Technical support' },
] as const

const CAUSES: readonly Cause[] = ['tab_closed', 'window_closed', 'tab_closed', 'navigated_away', 'window_closed']

/**
 * The log of a shared computer after about eighty days: a pilot in mode `observe`, then mode `act`. Nothing in it is
 * random, so that pictures change only where the interface does.
 * @param now in ms since the epoch; all entries are older
 */
export function someMonths(now: number): LogEntry[] {
  return Array.from({ length: 320 }, (_, index) => entryOf(index, now))
}

function entryOf(index: number, now: number): LogEntry {
  // Four closes a day, the last one before 17:41, on each day back from yesterday.
  const day = new Date(now - (1 + Math.floor(index / 4)) * DAY_MS).setHours(17, 40, 12, 0)
  const at = day - (index % 4) * 170 * MINUTE_MS - ((index * 37) % 50) * 61_000
  const base = {
    id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    at,
    instance: 'acme.my.connect.aws',
    ...(AGENTS[(index * 7) % AGENTS.length] ?? AGENTS[0]),
    surface: index % 5 === 0 ? ('ccp-v1' as const) : ('ccp-v2' as const),
    framed: index % 6 === 0,
    stateBefore: { name: 'Available', type: 'routable' as const, arn: null, startTimestamp: at - 95 * MINUTE_MS },
    target: 'Offline',
    error: null,
    cause: CAUSES[index % CAUSES.length] ?? 'tab_closed',
    event: 'beforeunload' as const,
    streamsVersion: '2.28.2',
    extensionVersion: '0.1.0',
  }
  if (index > 240) return observed(base, index)
  if (index % 11 === 4) return notNeeded(base)
  if (index % 67 === 9) return leftAvailable(base)
  return confirmed(base, 180 + ((index * 131) % 2_900))
}

type Base = Omit<LogEntry, 'outcome' | 'evidence' | 'reason' | 'tookMs' | 'exposure' | 'timeline'>

function confirmed(base: Base, tookMs: number): LogEntry {
  const { at } = base
  return {
    ...base,
    outcome: 'confirmed',
    evidence: 'asked',
    reason: null,
    tookMs,
    exposure: { from: at, until: at + tookMs, certainty: 'at_most' },
    timeline: [
      { at: at - 95 * MINUTE_MS, event: 'opened' },
      { at, event: 'closing', detail: 'attempted, keepalive' },
      { at: at + 12, event: 'gone', detail: 'pagehide' },
      { at: at + 30, event: 'tab_removed' },
      { at: at + tookMs, event: 'verified_offline' },
    ],
  }
}

function notNeeded(base: Base): LogEntry {
  return {
    ...base,
    stateBefore: { ...base.stateBefore, name: 'Lunch', type: 'not_routable' },
    outcome: 'not_needed',
    evidence: 'none',
    reason: 'not_routable',
    tookMs: 0,
    exposure: null,
    timeline: [
      { at: base.at, event: 'closing', detail: 'none' },
      { at: base.at + 12, event: 'gone', detail: 'pagehide' },
    ],
  }
}

/** The browser was killed, and the agent came back three minutes later, still Available. */
function leftAvailable(base: Base): LogEntry {
  const { at } = base
  return {
    ...base,
    outcome: 'failed',
    evidence: 'none',
    reason: 'nothing_tried',
    cause: 'browser_ended',
    event: null,
    tookMs: null,
    exposure: { from: at, until: at + 3 * MINUTE_MS, certainty: 'at_most' },
    timeline: [
      { at: at - 95 * MINUTE_MS, event: 'opened' },
      { at, event: 'browser_ended' },
      { at: at + 3 * MINUTE_MS, event: 'agent_returned' },
    ],
  }
}

function observed(base: Base, index: number): LogEntry {
  const leftMs = (20 + ((index * 53) % 400)) * MINUTE_MS
  return {
    ...base,
    outcome: 'not_needed',
    evidence: 'none',
    reason: 'mode_observe',
    would: 'set_offline',
    tookMs: 0,
    exposure: { from: base.at, until: base.at + leftMs, certainty: 'at_most' },
    timeline: [
      { at: base.at, event: 'closing', detail: 'none' },
      { at: base.at + 60_000, event: 'observed' },
    ],
  }
}

/**
 * Adds entries to the log, and their agents to its list of owners.
 * Runs in a page of the extension, which can open the log's database.
 * @param text the entries as JSON
 */
export async function putEntries(text: string): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open('ccp-signoff-log')
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error ?? new Error('IndexedDB'))
  })
  const transaction = database.transaction(['entries', 'owners'], 'readwrite')
  const entries = JSON.parse(text) as Pick<LogEntry, 'instance' | 'username' | 'agentName' | 'at'>[]
  const owners = new Map<string, object>()
  for (const { instance, username, agentName, at } of entries) {
    const count = entries.filter((each) => each.instance === instance && each.username === username).length
    owners.set(`${instance}/${username}`, { instance, username, agentName, at, count })
  }
  for (const entry of entries) transaction.objectStore('entries').put(entry)
  for (const owner of owners.values()) transaction.objectStore('owners').put(owner)
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onerror = () => reject(transaction.error ?? new Error('IndexedDB'))
  })
  database.close()
}
