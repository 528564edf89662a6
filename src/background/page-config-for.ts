import { instanceKey } from '../domain/agent'
import type { Surface } from '../domain/log-entry'
import type { CcpDocument } from '../domain/closes/ccp-document'
import type { CloseState } from '../domain/closes/state'
import { isActing, isOpen, keyOf } from '../domain/closes/ccp-document'
import { isReloading } from '../domain/closes/agent-presence'
import { mayEnqueue } from '../domain/closes/state'
import type { StatusRestore } from '../domain/closes/guarded-close'
import { LATE_REQUEST_MS, statusRestoreOf } from '../domain/closes/guarded-close'
import { guardedClosesOf } from '../domain/closes/late-requests'
import { orderOf } from '../domain/closes/recovery'
import type { ReturnStatus } from '../domain/closes/return-offer'
import { returnStatusOf, takenReturnOf } from '../domain/closes/return-offer'
import type { CloseRules } from '../domain/close-rules'
import { isNamed } from '../domain/close-rules'
import type { Settings, SurfaceScope } from '../domain/settings'
import { DEFAULT_SETTINGS } from '../domain/settings'
import type { DocumentConfig } from '../protocol/page-config'
import type { OutOfScope } from '../domain/reasons'

/** What a document learns about its surroundings. */
export interface Surroundings {
  readonly state: CloseState
  readonly settings: Settings
  /** How many windows the browser has. */
  readonly windows: number
  readonly now: number
}

/** What the bridge of a document must know before a close. */
export function pageConfigFor(
  doc: Pick<CcpDocument, 'docId' | 'instance' | 'openedAt' | 'surface' | 'framed'>,
  { state, settings, windows, now }: Surroundings,
): DocumentConfig {
  const rules = rulesFor(doc, settings)
  return {
    ...rules,
    targetState: settings.targetState,
    enqueue: mayEnqueue(state, doc.instance, now),
    directPath: settings.directPath !== 'nowhere',
    renewToken: settings.renewToken,
    lendToken: mayLend(settings) && state.documents[doc.docId]?.place?.ownCookies === false,
    holdMs: settings.holdMs,
    deadMansSwitch: settings.deadMansSwitch,
    leaveDialog: settings.leaveDialog,
    lastWindow: windows <= 1,
    otherCcps: otherCcpsOf(state, doc.docId),
    guardedCloses: rules.excluded === null ? guardedClosesOf(state, doc, now) : [],
    statusRestore: rules.excluded === null ? statusRestoreFor(state, doc.docId, settings) : null,
    recovery: null,
  }
}

/** The status that a document has to restore: the agent asks for it, or it came by a reload that has changed the status. */
function statusRestoreFor(state: CloseState, docId: string, settings: Settings): StatusRestore | null {
  const doc = state.documents[docId]
  return doc === undefined ? null : (takenReturnOf(state, doc) ?? reloadRestoreOf(doc, settings))
}

/** The status that a reload, which has brought this document, has changed; null where it changed none, or took too long. */
function reloadRestoreOf(doc: CcpDocument, { graceSeconds }: Settings): StatusRestore | null {
  if (doc.reloads === null) return null
  const { report, at, username } = doc.reloads
  if (doc.openedAt - at > graceSeconds * 1_000) return null
  // A page that is slow to show its agent gets as long as it had to come back.
  return statusRestoreOf(report, username, doc.openedAt + Math.max(LATE_REQUEST_MS, graceSeconds * 1_000))
}

/** What a document's agent is offered after a close that has set them Offline: nothing while their status is being restored anyway. */
export function returnOf(state: CloseState, doc: CcpDocument, settings: Settings, now: number): ReturnStatus | null {
  const restore = reloadRestoreOf(doc, settings)
  const isRestoring = restore !== null && now < restore.until
  return isRestoring ? null : returnStatusOf(state, doc, rulesFor(doc, settings), now)
}

/** What the settings say of closes of a document. */
export function rulesFor(
  doc: Pick<CcpDocument, 'instance' | 'surface' | 'framed'>,
  { mode, routingProfiles, fromStates, onContact, deskPhone, reload, ...settings }: Settings,
): CloseRules {
  const excluded = scopeExclusionOf(doc, settings)
  return { mode, excluded, routingProfiles, fromStates, onContact, deskPhone, reload }
}

const SCOPES: Readonly<Record<Surface, SurfaceScope>> = {
  'ccp-v1': 'v1',
  'ccp-v2': 'v2',
  'agent-workspace': 'agent-workspace',
}

/** Why the settings leave a document alone; null where they do not. */
function scopeExclusionOf(
  { instance, surface, framed }: Pick<CcpDocument, 'instance' | 'surface' | 'framed'>,
  { instances, surfaces }: Pick<Settings, 'instances' | 'surfaces'>,
): OutOfScope | null {
  const [alias = instance] = instance.split('.')
  if (instances.length > 0 && !isNamed(instances, instance, alias)) return 'instance_excluded'
  const scope: SurfaceScope = framed ? 'framed' : SCOPES[surface]
  return surfaces.length > 0 && !surfaces.includes(scope) ? 'surface_excluded' : null
}

/** Whether there is anything for which a page's token may be lent. */
export function mayLend({ mode, directPath }: Settings): boolean {
  return mode === 'act' && directPath === 'everywhere'
}

const ANYWHERE = { instance: '', surface: 'ccp-v2', framed: false } as const

/** What the bridge of a recovery CCP must know: it does nothing at its own end, nor about any other agent or state. */
export function recoveryConfig(
  state: CloseState,
  { fromStates, targetState }: Settings,
  mark: string | null,
): DocumentConfig {
  const order = orderOf(state)
  return {
    ...rulesFor(ANYWHERE, { ...DEFAULT_SETTINGS, fromStates, mode: 'off' }),
    targetState,
    enqueue: false,
    directPath: false,
    renewToken: false,
    lendToken: false,
    holdMs: 0,
    deadMansSwitch: false,
    leaveDialog: 'never',
    lastWindow: false,
    otherCcps: [],
    guardedCloses: [],
    statusRestore: null,
    recovery: order && { ...order, mark },
  }
}

/**
 * The documents of other CCPs of a document's agent; the nested documents of one tab count as one CCP. Includes those that are
 * being reloaded, or that act for the agent as they go: the close can be deferred to them.
 * A page gets its settings before it reports whose CCP it is. Until then each CCP of its instance may be the same agent's: a
 * window that is opened to sign in closes itself before it could learn more.
 */
export function otherCcpsOf(state: CloseState, docId: string): string[] {
  const doc = state.documents[docId]
  if (doc === undefined) return []
  const key = keyOf(doc)
  const isTheirs = (other: CcpDocument): boolean =>
    key === null ? other.agent !== null && isSameInstance(other, doc) : keyOf(other) === key
  return Object.values(state.documents)
    .filter((other) => isThereFor(state, other) && other.orphanedAt === null && isTheirs(other))
    .filter(({ place }) => place?.tabId !== doc.place?.tabId)
    .map((other) => other.docId)
}

const isSameInstance = (a: CcpDocument, b: CcpDocument): boolean => instanceKey(a.instance) === instanceKey(b.instance)

const isThereFor = (state: CloseState, doc: CcpDocument): boolean =>
  isOpen(doc) || isReloading(state, doc) || isActing(doc)
