import type { Surface } from '../domain/log-entry'
import type { CcpDocument } from '../domain/sessions/ccp-document'
import type { SessionsState } from '../domain/sessions/state'
import { isActing, isOpen, isReloading, keyOf } from '../domain/sessions/ccp-document'
import { mayEnqueue } from '../domain/sessions/state'
import type { GiveBack } from '../domain/sessions/fence'
import { FENCE_MS, fencesOf, owedFor } from '../domain/sessions/fence'
import { orderOf } from '../domain/sessions/recovery'
import type { CloseRules, OutOfScope } from '../domain/close-rules'
import { isNamed } from '../domain/close-rules'
import type { Settings, SurfaceScope } from '../domain/settings'
import { DEFAULT_SETTINGS } from '../domain/settings'
import type { DocumentConfig } from '../protocol/page-config'

/** What a document is told of the world around it. */
export interface Surroundings {
  readonly state: SessionsState
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
    fences: rules.excluded === null ? fencesOf(state, doc, now) : [],
    giveBack: rules.excluded === null ? giveBackFor(state.documents[doc.docId], settings) : null,
    recovery: null,
  }
}

/** What the reload that has brought a document has taken from its agent; null where it took nothing, or took too long. */
function giveBackFor(doc: CcpDocument | undefined, { graceSeconds }: Settings): GiveBack | null {
  const username = doc?.reloads?.username
  if (!doc?.reloads || username === undefined) return null
  const { report, at } = doc.reloads
  if (doc.openedAt - at > graceSeconds * 1_000) return null
  // A page that is slow to show its agent has the time that it was given to come back.
  return owedFor(report, username, doc.openedAt + Math.max(FENCE_MS, graceSeconds * 1_000))
}

/** What the settings say of closes of a document. */
export function rulesFor(
  doc: Pick<CcpDocument, 'instance' | 'surface' | 'framed'>,
  { mode, routingProfiles, fromStates, onContact, deskPhone, reload, ...settings }: Settings,
): CloseRules {
  const excluded = exclusionOf(doc, settings)
  return { mode, excluded, routingProfiles, fromStates, onContact, deskPhone, reload }
}

const SCOPES: Readonly<Record<Surface, SurfaceScope>> = {
  'ccp-v1': 'v1',
  'ccp-v2': 'v2',
  'agent-workspace': 'agent-workspace',
}

/** Why the settings leave a document alone; null where they do not. */
function exclusionOf(
  { instance, surface, framed }: Pick<CcpDocument, 'instance' | 'surface' | 'framed'>,
  { instances, surfaces }: Pick<Settings, 'instances' | 'surfaces'>,
): OutOfScope | null {
  const [alias = instance] = instance.split('.')
  if (instances.length > 0 && !isNamed(instances, instance, alias)) return 'instance_excluded'
  const scope: SurfaceScope = framed ? 'framed' : SCOPES[surface]
  return surfaces.length > 0 && !surfaces.includes(scope) ? 'surface_excluded' : null
}

/** Whether there is anything that a page's token may be lent for. */
export function mayLend({ mode, directPath }: Settings): boolean {
  return mode === 'act' && directPath === 'everywhere'
}

const ANYWHERE = { instance: '', surface: 'ccp-v2', framed: false } as const

/** What the bridge of a recovery CCP must know: at its own end, and to anybody's state but the one, it does nothing. */
export function recoveryConfig(state: SessionsState, { fromStates, targetState }: Settings): DocumentConfig {
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
    fences: [],
    giveBack: null,
    recovery: orderOf(state),
  }
}

/**
 * The documents of other CCPs of a document's agent, the nested documents of one tab being one CCP. With those that are
 * loaded anew, or that see to the agent as they go: it can be left to them.
 */
export function otherCcpsOf(state: SessionsState, docId: string): string[] {
  const doc = state.documents[docId]
  const key = doc === undefined ? null : keyOf(doc)
  if (doc === undefined || key === null) return []
  return Object.values(state.documents)
    .filter((other) => isThereFor(other) && other.orphanedAt === null && keyOf(other) === key)
    .filter(({ place }) => place?.tabId !== doc.place?.tabId)
    .map((other) => other.docId)
}

const isThereFor = (doc: CcpDocument): boolean => isOpen(doc) || isReloading(doc) || isActing(doc)
