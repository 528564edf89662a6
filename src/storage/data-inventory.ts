/** What is stored about people, and how much of it: for people who want to know. */
import { browser } from '../platform/browser'
import { readInstallation } from './installation-store'
import type { LogFigures } from './log-store'
import { logFigures } from './log-store'
import { isMailKey } from './mailbox'
import { openOutbox } from './outbox-store'
import { ownStore } from './own-store'
import { TOKEN_PREFIX } from './token-store'

export interface DataInventory {
  readonly log: LogFigures
  /** What is known of open CCPs, and of closes that are not over. */
  readonly openCcps: { readonly documents: number; readonly bytes: number }
  /** Agents who are flagged, or whose exposure has no end yet. */
  readonly flags: number
  /** The user's settings, and the copy of the last policy. */
  readonly settings: { readonly bytes: number }
  /** Data that concern no agent: when the profile was first seen, what was announced, and what was damaged. */
  readonly rest: { readonly bytes: number }
  /** Records that wait for the organization's collector. */
  readonly outbox: { readonly waiting: number }
  /** In memory alone: the token that a page has lent for a close in a private window or a container. */
  readonly tokens: number
}

const REST = [
  'profile',
  'introduced',
  'logPruned',
  'installation',
  'takenOver',
  'heartbeatMachine',
  'heartbeatSeq',
  'watchdogActs',
  'fieldCheck',
  'sessions.damaged',
  'sessions.ended',
] as const
const STORED = ['sessions', 'settings', 'policy', ...REST] as const

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Throws where the browser's stores cannot be read. */
export async function readDataInventory(): Promise<DataInventory> {
  const [own, local, session, log, waiting] = await Promise.all([
    ownStore.get(STORED),
    browser.storage.local.get(null),
    browser.storage.session.get(null),
    logFigures(),
    waitingRecords(),
  ])
  const { sessions: openCcps } = own
  const state = isRecord(openCcps) ? openCcps['state'] : null
  const documents = isRecord(state) && isRecord(state['documents']) ? Object.keys(state['documents']).length : 0
  const flags = isRecord(state) && Array.isArray(state['flags']) ? state['flags'].length : 0
  const rest = [...REST.map((key) => own[key]), session['announced']]
  const mail = Object.entries(local).filter(([key]) => isMailKey(key))
  return {
    log,
    openCcps: { documents, bytes: bytesOf(openCcps) + (mail.length === 0 ? 0 : bytesOf(Object.fromEntries(mail))) },
    flags,
    outbox: { waiting },
    rest: { bytes: rest.map(bytesOf).reduce((sum, bytes) => sum + bytes, 0) },
    settings: { bytes: bytesOf(own['settings']) + bytesOf(own['policy']) },
    tokens: Object.keys(session).filter((key) => key.startsWith(TOKEN_PREFIX)).length,
  }
}

/** Without an id of this profile no record was ever noted. */
async function waitingRecords(): Promise<number> {
  if ((await readInstallation()) === null) return 0
  return (await (await openOutbox()).waiting()).count
}

/** As JSON: browsers pack it differently, and do not all say how. */
function bytesOf(value: unknown): number {
  return value === undefined ? 0 : new TextEncoder().encode(JSON.stringify(value)).length
}
