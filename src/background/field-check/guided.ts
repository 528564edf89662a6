/** The closes that a person is asked to make: waits for each, and notes what the log and the instance say about it. */
import type { Finding } from '../../domain/field-check/check'
import { lookAt } from '../../domain/field-check/looks'
import { bestCaller } from '../../domain/field-check/measure'
import type { CallBy, CloseKind, CloseRecord } from '../../domain/field-check/observations'
import type { LogEntry } from '../../domain/log-entry'
import type { CcpDocument } from '../../domain/closes/ccp-document'
import { Stop } from './calls'
import { isReachable } from './documents'
import type { Outside, Performing } from './performing'
import { openDocument } from './performing'

/** How often the open documents are checked, in ms. */
const WATCH_MS = 1_000
/** How long to wait for the person, in ms. */
const PATIENCE_MS = 15 * 60_000
/** How long, and how often, to look at the agent after a close, in ms. */
const OUTCOME_MS = 45_000
const LOOK_MS = 3_000
/** How long Available must show after a reload, in ms: a brief Offline may show late, and be restored later still. */
const SETTLED_MS = 6_000

/**
 * Waits until every document of the agent that was open when the
 * close was requested is gone. Throws `Stop` after `PATIENCE_MS`.
 */
export async function awaitClose({ check, outside, now, pause }: Performing): Promise<Finding> {
  for (const since = now(); now() - since < PATIENCE_MS;) {
    const open = await documentsWithoutContact(outside)
    if (open.every(({ openedAt }) => openedAt > check.stepAt)) return { closedAt: now() }
    await pause(WATCH_MS)
  }
  throw new Stop('failed')
}

/** The agent's open documents. @throws Stop where one of them shows a contact */
async function documentsWithoutContact({ documents }: Outside): Promise<readonly CcpDocument[]> {
  const open = await documents()
  if (open.some(({ agent }) => (agent?.contacts.length ?? 0) > 0)) throw new Stop('contact')
  return open
}

const wantedAfter = (kind: CloseKind): CloseRecord['shown'] => (kind === 'reload' ? 'routable' : 'offline')

/** Looks at the agent until the instance shows the expected status, or the time for it is over. */
export async function outcomeOf(kind: CloseKind, at: Performing): Promise<Finding> {
  const { check, outside, now, pause } = at
  const closedAt = check.closedAt ?? now()
  let shown: CloseRecord['shown'] = null
  let afterMs: number | null = null
  let entry: LogEntry | null = null
  // Not since the close: the browser may have ended with it, and been started much later.
  for (const began = now(); now() - began < OUTCOME_MS;) {
    const next = await shownBy(bestCaller(check.observed), at)
    if (next !== shown) afterMs = next === null ? null : now() - closedAt
    shown = next
    entry = (await outside.entries()).find(({ id }) => !check.entriesBefore.includes(id)) ?? null
    const isEnough = kind === 'reload' ? now() - closedAt - (afterMs ?? 0) >= SETTLED_MS : entry !== null
    if (shown === wantedAfter(kind) && isEnough) break
    await pause(LOOK_MS)
  }
  return withClose(at, { kind, outcome: entry?.outcome ?? null, cause: entry?.cause ?? null, shown, afterMs })
}

/** The kind of state that the instance shows; null where it cannot be asked now. */
async function shownBy(by: CallBy, { calls }: Performing): Promise<CloseRecord['shown']> {
  try {
    const look = lookAt(await calls.look(by))
    if (look === null) return null
    if (look.contacts > 0) throw new Stop('contact')
    return look.kind === 'offline' || look.kind === 'routable' ? look.kind : 'other'
  } catch (error) {
    // Other reasons, such as a stop by the person or another agent, end the check.
    if (error instanceof Stop && !UNREACHED.has(error.reason)) throw error
    return null
  }
}

const UNREACHED = new Set(['signed_out', 'refused', 'no_answer', 'no_ccp'])

function withClose({ check }: Performing, close: CloseRecord): Finding {
  const others = check.observed.closes.filter(({ kind }) => kind !== close.kind)
  return { observed: { closes: [...others, close] } }
}

/** Opens the CCP, waits until the agent is back, and asks by its page what could not be asked before. */
export async function awaitReturn(kind: CloseKind, at: Performing): Promise<Finding> {
  const { check, outside, now, pause } = at
  if ((await openDocument(outside)) === null) await outside.openCcp()
  for (const since = now(); now() - since < PATIENCE_MS;) {
    const doc = (await documentsWithoutContact(outside)).find(isReachable)
    if (doc !== undefined && doc.protection.status === 'protected') {
      const close = check.observed.closes.find((one) => one.kind === kind)
      if (close === undefined || close.shown !== null) return { docId: doc.docId }
      return { docId: doc.docId, ...withClose(at, { ...close, shown: await shownBy('page', at) }) }
    }
    await pause(WATCH_MS)
  }
  throw new Stop('failed')
}
