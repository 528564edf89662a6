import * as v from 'valibot'
import type { Amendment, LogEntry } from '../domain/log-entry'
import type { CcpDocument } from '../domain/closes/ccp-document'
import type { Close } from '../domain/closes/close'
import { newClose } from '../domain/closes/close'
import type { Flag, CloseState } from '../domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../domain/closes/state'
import { asOlder, lifted, withoutOlderParts } from './older-state'
import { ownStore } from './own-store'
import { putAside } from './put-aside'
import {
  isKnownDuty,
  PARTS,
  SLICES,
  storedAmendmentSchema,
  storedEntrySchema,
  storedStateSchema,
} from './stored-shapes'

const KEY = 'sessions'
/** The record of ended documents has a key of its own: it is long, and changes with closes alone. */
const ENDED_KEY = 'sessions.ended'

/** What must survive the worker, written in one go: the state, and the entries that it has finalized but not yet logged. */
export interface StoredCloses {
  readonly state: CloseState
  readonly unlogged: readonly LogEntry[]
  /** Amendments that are not in the log yet. */
  readonly amendments: readonly Amendment[]
}

/** Parts of documents that older versions did not store, and what stands for them. */
const LATER_PARTS = {
  capabilities: null,
  agentSeq: -1,
  reloads: null,
  unheardSince: null,
} as const

/** The same for flags. */
const LATER_FLAG_PARTS = {
  why: 'close',
  stateBefore: { name: '', type: 'unknown', arn: null, startTimestamp: null },
  target: null,
  isObserved: false,
} as const

/** The same for agents. */
const LATER_AGENT_PARTS = { routingProfileArn: null, softphone: null } as const

/** The slices that are lists; the others are records. */
const LISTS = new Set(['flags', 'recentCloses', 'logOuts', 'exposures'])

/** What cannot be used, and where it was. */
interface Damage {
  readonly part: string
  readonly item: unknown
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The items of a list or a record that have the form; the others are noted as damage. */
function whole(part: string, items: unknown, form: v.GenericSchema, damage: Damage[]): unknown {
  if (Array.isArray(items)) {
    return items.filter((item) => v.is(form, item) || !damage.push({ part, item }))
  }
  if (!isRecord(items)) {
    damage.push({ part, item: items })
    return undefined
  }
  const kept = Object.entries(items).filter(([key, item]) => {
    const isWhole = !(key in Object.prototype) && v.is(form, item) && isNamedBy(part, key, item)
    return isWhole || !damage.push({ part, item: { [key]: item } })
  })
  return Object.fromEntries(kept)
}

/** Whether a document or a close is stored under its own id, by which events about it find it. */
function isNamedBy(part: string, key: string, item: unknown): boolean {
  const own = part === 'documents' ? 'docId' : part === 'closes' ? 'id' : null
  return own === null || (isRecord(item) && item[own] === key)
}

/** The usable part of a stored state; null where the frame itself is broken. */
function usable(stored: unknown, closes: unknown, damage: Damage[]): CloseState | null {
  if (!v.is(storedStateSchema, stored)) return null
  const parts: Record<string, unknown> = { ...stored, ...(closes !== undefined && { closes }) }
  for (const [part, form] of Object.entries(SLICES)) {
    if (parts[part] === undefined) continue
    if (LISTS.has(part) === Array.isArray(parts[part])) parts[part] = whole(part, parts[part], form, damage)
    else {
      damage.push({ part, item: parts[part] })
      parts[part] = undefined
    }
    if (parts[part] === undefined) Reflect.deleteProperty(parts, part)
  }
  for (const [part, form] of Object.entries(PARTS)) {
    if (parts[part] === undefined || v.is(form, parts[part])) continue
    damage.push({ part, item: parts[part] })
    Reflect.deleteProperty(parts, part)
  }
  const state = filled({ ...EMPTY_CLOSE_STATE, ...(parts as unknown as CloseState) })
  return parts['closes'] === undefined ? lifted(state) : withoutOlderParts(state)
}

/** Adds what an older version did not write. */
function filled(state: CloseState): CloseState {
  const documents = Object.entries(state.documents).map(([docId, stored]: [string, CcpDocument]) => {
    const doc = { ...LATER_PARTS, ...stored }
    return [docId, { ...doc, agent: doc.agent && { ...LATER_AGENT_PARTS, ...doc.agent } }] as const
  })
  const closes = Object.entries(state.closes).map(([id, stored]) => {
    const { isSuperseded = false, ...rest }: Close & { isSuperseded?: boolean } = stored
    const close = { ...newClose(stored), ...rest, isTakenOver: rest.isTakenOver || isSuperseded }
    return [id, { ...close, duties: close.duties.filter(isKnownDuty) }] as const
  })
  const { flags = [] } = state as { flags?: readonly Flag[] }
  return {
    ...state,
    documents: Object.fromEntries(documents),
    closes: Object.fromEntries(closes),
    ...{ flags: flags.map((flag) => ({ ...LATER_FLAG_PARTS, ...flag })) },
  }
}

function listOf<T>(part: string, stored: unknown, form: v.GenericSchema, damage: Damage[]): T[] {
  // Older versions wrote no amendments.
  if (stored === undefined) return []
  const kept = whole(part, stored, form, damage)
  if (Array.isArray(kept)) return kept as T[]
  if (isRecord(kept)) damage.push({ part, item: stored })
  return []
}

/** The usable part of all that was stored; the rest is added to `damage`, as a whole where nothing is usable. */
function understood(stored: unknown, damage: Damage[]): StoredCloses {
  const parts = isRecord(stored) ? stored : {}
  const state = usable(parts['state'], parts['closes'], damage)
  if (state === null || parts['unlogged'] === undefined) damage.push({ part: KEY, item: stored })
  return {
    state: state ?? EMPTY_CLOSE_STATE,
    unlogged: listOf<LogEntry>('unlogged', parts['unlogged'], storedEntrySchema, damage),
    amendments: listOf<Amendment>('amendments', parts['amendments'], storedAmendmentSchema, damage),
  }
}

/**
 * Reads what was stored, item by item. What cannot be understood is put aside under another key, so that nothing is lost, and
 * reported.
 * @param onDamage called where something was put aside.
 */
export async function loadCloses(onDamage: () => void): Promise<StoredCloses> {
  const { [KEY]: stored, [ENDED_KEY]: ended } = await ownStore.get([KEY, ENDED_KEY])
  savedEnded = null
  const damage: Damage[] = []
  let storedCloses: StoredCloses = { state: EMPTY_CLOSE_STATE, unlogged: [], amendments: [] }
  if (stored !== undefined) {
    const { state, ...rest } = understood(stored, damage)
    // Older versions stored the record of ended documents in the state.
    const times = isRecord(ended) ? onlyTimes(ended) : {}
    storedCloses = { ...rest, state: { ...state, ended: { ...times, ...state.ended } } }
  }
  if (damage.length > 0) {
    // Where the disk is full, too, what is whole is used all the more.
    await putAside(damage).catch(() => undefined)
    onDamage()
  }
  return storedCloses
}

/** The record of ended documents as it was last stored; null: unknown. */
let savedEnded: CloseState['ended'] | null = null

/**
 * Stores all of it in one write, with the record of ended documents only where it has changed. The closes are stored beside the
 * state: an older version writes none, so what it has written is read from its documents.
 */
export async function saveCloses({ state, ...rest }: StoredCloses): Promise<void> {
  const { ended } = state
  // An older version takes a state without them for damaged.
  const { closes } = state
  const storedCloses = { ...rest, state: { ...asOlder(state), ended: {} }, closes }
  const isSame = ended === savedEnded
  savedEnded = null
  await ownStore.set({ [KEY]: storedCloses, ...(!isSame && { [ENDED_KEY]: ended }) })
  savedEnded = ended
}

function onlyTimes(stored: Record<string, unknown>): CloseState['ended'] {
  const times = Object.entries(stored).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  return Object.fromEntries(times)
}
