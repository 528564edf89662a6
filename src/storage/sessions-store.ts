import type { Amendment, LogEntry } from '../domain/log-entry'
import type { CcpDocument } from '../domain/sessions/ccp-document'
import type { Flag, SessionsState } from '../domain/sessions/state'
import { EMPTY_SESSIONS } from '../domain/sessions/state'
import { browser } from '../platform/browser'

const KEY = 'sessions'
const DAMAGED_KEY = 'sessions.damaged'

/** What must survive the worker, written in one go: the state, and the entries that it has concluded but not yet logged. */
export interface StoredSessions {
  readonly state: SessionsState
  readonly unlogged: readonly LogEntry[]
  /** What became known of closes later, and is not in the log yet. */
  readonly amendments: readonly Amendment[]
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const DOCUMENT_PARTS = {
  docId: 'string',
  instance: 'string',
  url: 'string',
  runId: 'string',
  openedAt: 'number',
} as const

/** What documents were stored without before there was such a thing. */
const LATER_PARTS = {
  capabilities: null,
  returned: null,
  agentSeq: -1,
  recovery: null,
  isDismissed: false,
  reloads: null,
  isBorne: false,
  unheardSince: null,
} as const

/** And flags. */
const LATER_FLAG_PARTS = {
  why: 'close',
  stateBefore: { name: '', type: 'unknown', arn: null, startTimestamp: null },
  target: null,
  isObserved: false,
} as const

/** And agents. */
const LATER_AGENT_PARTS = { routingProfileArn: null, softphone: null } as const

/** Whether a stored document has what the state machine takes for granted: one that has not would stop it for all. */
function isDocument(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value['protection']) || !Array.isArray(value['timeline'])) return false
  const { agent } = value
  const isWhole = Object.entries(DOCUMENT_PARTS).every(([key, type]) => typeof value[key] === type)
  return (
    isWhole && (agent === null || (isRecord(agent) && isRecord(agent['state']) && Array.isArray(agent['contacts'])))
  )
}

/** What can be used of a stored state: damaged documents are left out; null where the frame itself is broken. */
function usable(value: unknown): SessionsState | null {
  if (!isRecord(value) || value['version'] !== 1 || !Array.isArray(value['flags'])) return null
  const { documents, ended, enqueueRefused } = value
  if (!isRecord(documents) || !isRecord(ended) || !isRecord(enqueueRefused)) return null
  const whole = Object.entries(documents).filter(([, doc]) => isDocument(doc))
  // Flags and times were ours when they were written beside documents of this form. An older version wrote less.
  const filled = whole.map(([docId, stored]) => {
    const doc = { ...LATER_PARTS, ...(stored as CcpDocument) }
    return [docId, { ...doc, agent: doc.agent && { ...LATER_AGENT_PARTS, ...doc.agent } }] as const
  })
  const flags = (value['flags'] as Flag[]).map((flag) => ({ ...LATER_FLAG_PARTS, ...flag }))
  return { ...EMPTY_SESSIONS, ...(value as unknown as SessionsState), documents: Object.fromEntries(filled), flags }
}

/**
 * Reads what was stored. What cannot be understood is put aside under another key, so that nothing is lost, and said.
 * @param onDamage called where something was put aside.
 */
export async function loadSessions(onDamage: () => void): Promise<StoredSessions> {
  const { [KEY]: stored } = await browser.storage.local.get(KEY)
  if (stored === undefined) return { state: EMPTY_SESSIONS, unlogged: [], amendments: [] }
  const parts = isRecord(stored) ? stored : {}
  const state = usable(parts['state'])
  // The entries were ours when they were written beside such a state.
  const unlogged = Array.isArray(parts['unlogged']) ? (parts['unlogged'] as LogEntry[]) : []
  // Older versions wrote none.
  const amendments = Array.isArray(parts['amendments']) ? (parts['amendments'] as Amendment[]) : []
  const rest = { unlogged, amendments }
  if (state !== null && Array.isArray(parts['unlogged']) && isWhole(state, parts['state'])) return { state, ...rest }
  await putAside(stored)
  onDamage()
  return { state: state ?? EMPTY_SESSIONS, ...rest }
}

/** Keeps what cannot be used under another key, so that nothing is lost. */
export async function putAside(stored: unknown): Promise<void> {
  await browser.storage.local.set({ [DAMAGED_KEY]: stored })
}

function isWhole(state: SessionsState, stored: unknown): boolean {
  const documents = isRecord(stored) ? stored['documents'] : null
  return isRecord(documents) && Object.keys(documents).length === Object.keys(state.documents).length
}

export async function saveSessions(sessions: StoredSessions): Promise<void> {
  await browser.storage.local.set({ [KEY]: sessions })
}
