/** The closes that are pending: which documents went together, and the record of each. */
import { without } from '../without'
import type { Close } from './close'
import { closeNamed, merged, newClose, withAliases } from './close'
import type { CcpDocument } from './ccp-document'
import { closeStartedAt, isOpen, keyOf } from './ccp-document'
import { leadOf } from './close-facts'
import { wasSetBack } from '../clock'
import type { CloseState } from './state'

/** Documents of one agent in one tab that went together (the agent workspace nests several). */
export interface Group {
  readonly documents: readonly [CcpDocument, ...CcpDocument[]]
  readonly startedAt: number
  /** Documents of the same agent in the same tab that were there when it began, and still are. */
  readonly open: readonly CcpDocument[]
}

/** A close that has begun and is not finalized: its record, and the documents that make it. */
export interface PendingClose extends Close, Group {}

function sameClose(a: CcpDocument, b: CcpDocument): boolean {
  return a.place !== null && b.place !== null && a.place.tabId === b.place.tabId && keyOf(a) === keyOf(b)
}

/** Whether the clock was set back during a document's life: by its times, the document went before it was opened. */
function sawClockSetBack(doc: CcpDocument): boolean {
  const startedAt = closeStartedAt(doc)
  return startedAt !== null && wasSetBack(doc.openedAt, startedAt)
}

/** A state never changes, and each event needs its closes a dozen times. */
const known = new WeakMap<CloseState, readonly PendingClose[]>()

/** The closes that have begun and are not finalized. A document whose agent was never known has none. */
export function pendingCloses(state: CloseState): readonly PendingClose[] {
  const closes = known.get(state) ?? joined(state, groupsOf(state))
  known.set(state, closes)
  return closes
}

/** The state with the record of each pending close: created at its first sign, merged where two turn out to be one. */
export function withCloses(state: CloseState): CloseState {
  if (pendingCloses(state).length === 0 && Object.values(state.closes).every(({ verdict }) => verdict !== null))
    return state
  const pending = new Map<string, Close>()
  for (const close of pendingCloses(state)) {
    const names = close.documents.flatMap(({ closing }) => closing?.report.closeId ?? [])
    pending.set(close.id, withAliases(without(close, 'documents', 'startedAt', 'open'), names))
  }
  const kept = Object.values(state.closes).flatMap((close) => {
    return close.verdict === null ? (pending.get(close.id) ?? []) : [close]
  })
  const fresh = [...pending.values()].filter(({ id }) => !Object.hasOwn(state.closes, id))
  return { ...state, closes: Object.fromEntries([...kept, ...fresh].map((close) => [close.id, close])) }
}

/** The pending close that a name means, with its documents; null where none is. */
export function pendingNamed(state: CloseState, name: string): PendingClose | null {
  const id = closeNamed(state, name)?.id
  return pendingCloses(state).find((close) => close.id === id) ?? null
}

/** The pending close that a document is part of; null for one that is open. */
export function closeOfDocument(state: CloseState, docId: string): PendingClose | null {
  return pendingCloses(state).find(({ docIds }) => docIds.includes(docId)) ?? null
}

/**
 * The record of each group: the records that know a document of it, merged. Where documents turn out to belong to two closes, the
 * record stays with the group that bears its id, or that went first.
 */
function joined({ closes }: CloseState, groups: readonly Group[]): PendingClose[] {
  const records = groups.map((): Close[] => [])
  for (const close of Object.values(closes)) {
    if (close.verdict !== null) continue
    const holds = (group: Group): boolean => group.documents.some(({ docId }) => close.docIds.includes(docId))
    const namesake = groups.findIndex((group) => holds(group) && namesOf(group).includes(close.id))
    records[namesake === -1 ? groups.findIndex(holds) : namesake]?.push(close)
  }
  const taken = new Set(Object.keys(closes))
  return groups.map((group, nth) => {
    const [first, ...others] = records[nth] ?? []
    const { instance, agent } = leadOf(group)
    const about = { instance, username: agent?.username ?? '' }
    const close =
      first === undefined ? newClose({ id: freeName(group, taken), ...about }) : others.reduce(merged, first)
    taken.add(close.id)
    return { ...close, ...about, docIds: group.documents.map(({ docId }) => docId), ...group }
  })
}

/** The names that a close may get: its page's own, or the document's where the page has reported none. */
function namesOf(group: Group): string[] {
  const documents = [leadOf(group), ...group.documents]
  return documents.flatMap(({ docId, closing }) => [...(closing === null ? [] : [closing.report.closeId]), docId])
}

/** A page may send any name: the name of another close is not given again. */
function freeName(group: Group, taken: ReadonlySet<string>): string {
  const free = namesOf(group).find((name) => !taken.has(name))
  if (free !== undefined) return free
  let nth = 2
  while (taken.has(`${group.documents[0].docId}-${nth}`)) nth += 1
  return `${group.documents[0].docId}-${nth}`
}

function groupsOf(state: CloseState): Group[] {
  const documents = Object.values(state.documents).filter((doc) => doc.agent !== null)
  const closing = documents
    .filter((doc) => !isOpen(doc))
    .sort((a, b) => (closeStartedAt(a) ?? 0) - (closeStartedAt(b) ?? 0) || (a.docId < b.docId ? -1 : 1))
  const closes: { documents: [CcpDocument, ...CcpDocument[]]; startedAt: number; open: CcpDocument[] }[] = []
  for (const doc of closing) {
    // A document that was opened after the close began is the next page of that tab: its end is another close.
    const joined = closes.find(
      (close) => sameClose(close.documents[0], doc) && (doc.openedAt <= close.startedAt || sawClockSetBack(doc)),
    )
    if (joined) joined.documents.push(doc)
    else closes.push({ documents: [doc], startedAt: closeStartedAt(doc) ?? 0, open: [] })
  }
  for (const close of closes) {
    // The open document may have been opened before the clock was set back, or be the next page: the close is not finalized at
    // once.
    const isUnclear = close.documents.some(sawClockSetBack)
    close.open = documents.filter(
      (doc) => isOpen(doc) && sameClose(close.documents[0], doc) && (doc.openedAt <= close.startedAt || isUnclear),
    )
  }
  return closes
}
