import * as v from 'valibot'
import type { AgentFacts } from '../domain/agent'
import { closeRequestsOf } from '../domain/close-requests'
import { isNamed } from '../domain/close-rules'
import type { LogEntry } from '../domain/log-entry'
import { outlookOf } from '../domain/outlook'
import { mayDeleteLog } from '../domain/policy'
import { flagsOf } from '../domain/closes/flags'
import { offlineNowOf } from '../domain/closes/offline-now'
import { retryOf } from '../domain/closes/retry'
import { recoveryFor } from '../domain/closes/recovery'
import type { CcpDocument } from '../domain/closes/ccp-document'
import type { Flag, CloseState } from '../domain/closes/state'
import type { Settings } from '../domain/settings'
import type { DocumentStatus, Status, UiAnswer, UiRequest, UiResponses } from '../protocol/ui-messages'
import { uiRequestSchema } from '../protocol/ui-messages'
import { browser } from '../platform/browser'
import type { Runtime } from '../platform/browser'
import { text } from '../platform/text'
import { noteIntroduced } from '../storage/introduction-store'
import { openLog } from '../storage/log-store'
import { readProfile } from '../storage/profile-store'
import { loadSettings, resetSettings, saveSetting, saveSettings } from '../storage/settings-store'
import type { FieldCheck } from './field-check/field-check'
import type { Fleet } from './fleet/fleet'
import { goOffline } from './go-offline'
import { otherCcpsOf, returnOf, rulesFor } from './page-config-for'
import { openCcp, unreachedTabs } from './ccp-tabs'
import { hostAccess } from './host-access'
import { clearLog } from './log-writer'
import type { Problems } from './problems'
import { selfTest } from './self-test'
import type { CloseEngine } from './close-engine'
import type { Heartbeats } from './watchdog/heartbeats'
import { isIntroductionDue } from './open-welcome'

/** Whether a message comes from a page of the extension. */
export function isFromUi(sender: Runtime.MessageSender): boolean {
  return sender.id === browser.runtime.id && (sender.url ?? '').startsWith(browser.runtime.getURL(''))
}

/** The parts that answers are made of. */
export interface UiParts {
  readonly engine: CloseEngine
  readonly problems: Problems
  readonly fleet: Fleet
  readonly heartbeats: Pick<Heartbeats, 'status'>
  readonly fieldCheck: FieldCheck
}

/** Answers the requests of the popup and the options page. Never rejects: a failure is in the answer. */
export async function answerUi(message: unknown, parts: UiParts): Promise<UiAnswer<UiResponses[keyof UiResponses]>> {
  const request = v.safeParse(uiRequestSchema, message)
  if (!request.success) return { ok: false, error: text('refused_unknown') }
  try {
    return { ok: true, value: await respond(request.output, parts) }
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) }
  }
}

async function respond(request: UiRequest, { engine, problems, fleet, heartbeats, fieldCheck }: UiParts) {
  switch (request.type) {
    case 'get_status':
      return getStatus(engine, problems)
    case 'get_settings':
      return loadSettings()
    case 'set_setting':
      await saveSetting(request.key, request.value)
      return loadSettings()
    case 'set_settings':
      await saveSettings(request.values)
      return loadSettings()
    case 'reset_settings':
      await resetSettings()
      return loadSettings()
    case 'self_test':
      return selfTest(request.step, {
        version: browser.runtime.getManifest().version,
        state: () => engine.state(),
        problems: () => problems.list(),
      })
    case 'field_check':
      return fieldCheck.answer(request)
    case 'dismiss_flag':
      await engine.dispatch({ type: 'dismiss_flag', at: Date.now(), closeId: request.closeId })
      return null
    case 'open_ccp':
      await openFlagged(engine, request.closeId)
      return null
    case 'recover':
      if (!(await recoverFlagged(engine, request.closeId))) throw new Error(text('refused_notOffered'))
      return null
    case 'retry_flag':
      await engine.dispatch({ type: 'retry_wanted', at: Date.now(), closeId: request.closeId })
      return null
    case 'go_offline': {
      const { settings } = await loadSettings()
      if (settings.popupOffline === 'hide') throw new Error(text('refused_bySettings'))
      return goOffline(await engine.state(), request.docId)
    }
    case 'take_return':
      await engine.dispatch({ type: 'return_taken', at: Date.now(), docId: request.docId })
      return null
    case 'note_introduced':
      await noteIntroduced()
      return null
    case 'fleet_status':
      return fleet.status()
    case 'fleet_test':
      return fleet.test()
    case 'watchdog_status':
      return heartbeats.status()
    case 'clear_log':
      if (!mayDeleteLog(await loadSettings())) throw new Error(text('refused_logKept'))
      await clearLog()
      return null
  }
}

/** Opens the CCP of a flagged agent. Throws where the flag no longer stands. */
export async function openFlagged(engine: CloseEngine, closeId: string): Promise<void> {
  const state = await engine.state()
  const flag = flagsOf(state).find((candidate) => candidate.closeId === closeId)
  if (flag === undefined) throw new Error(text('refused_notFlagged'))
  await openCcp(state, flag.instance, flag.url)
}

/**
 * The flagged agent wants the recovery that their flag offers. Resolves with whether it is, or was, available: then no CCP is to
 * be opened for them.
 */
export async function recoverFlagged(engine: CloseEngine, closeId: string): Promise<boolean> {
  const state = await engine.state()
  const flag = flagsOf(state).find((candidate) => candidate.closeId === closeId)
  const waiting = flag === undefined ? null : recoveryFor(state, flag)
  if (waiting === null) return false
  await engine.dispatch({ type: 'recovery_wanted', at: Date.now(), closeId: waiting.closeId })
  return true
}

function isRecoverable(state: CloseState, flag: Flag): boolean {
  return recoveryFor(state, flag)?.recovery.status === 'offered'
}

function retryEntry(state: CloseState, closeId: string): [string, 'waiting' | 'asking'][] {
  const retry = retryOf(state, closeId)
  return retry === null ? [] : [[closeId, retry]]
}

async function getStatus(engine: CloseEngine, problems: Problems): Promise<Status> {
  const state = await engine.state()
  const flags = flagsOf(state)
  const { settings, problems: settingProblems, policy, managed } = await loadSettings()
  const hosts = await hostAccess()
  const open = Object.values(state.documents).filter((doc) => doc.gone === null)
  const newest = await newestEntries(problems)
  // Entries of pages without protection are no closes: such pages are shown themselves.
  const lastEntry = newest.find(({ outcome }) => outcome !== 'unprotected') ?? null
  return {
    documents: open.map((doc) => documentStatus(state, doc, settings, lastEntry)),
    unreachedTabs: await unreachedTabs(state),
    flags,
    recoverable: flags.filter((flag) => isRecoverable(state, flag)).map(({ closeId }) => closeId),
    retries: Object.fromEntries(flags.flatMap(({ closeId }) => retryEntry(state, closeId))),
    backgroundPaths: state.backgroundPaths,
    lastEntry,
    closeRequests: closeRequestsOf(newest),
    mode: settings.mode,
    isIntroductionDue: await isIntroductionDue(),
    version: browser.runtime.getManifest().version,
    hostsGranted: hosts.every(({ isGranted }) => isGranted),
    hosts,
    isInPrivate: await browser.extension.isAllowedIncognitoAccess(),
    policy: { state: policy, managed: managed.length },
    profile: await readProfile(),
    problems: problems.list(),
    settingProblems,
  }
}

const ENTRIES_LOOKED_AT = 20
const LOG_UNREADABLE = 'problem_logUnreadable'

/** A log that cannot be read must not keep the rest from being shown. */
async function newestEntries(problems: Problems): Promise<readonly LogEntry[]> {
  try {
    const newest = await (await openLog()).newest(ENTRIES_LOOKED_AT)
    problems.resolve(LOG_UNREADABLE)
    return newest
  } catch (error) {
    problems.reportError(LOG_UNREADABLE, error)
    return []
  }
}

function documentStatus(
  state: CloseState,
  doc: CcpDocument,
  settings: Settings,
  lastEntry: LogEntry | null,
): DocumentStatus {
  const { docId, instance, surface, framed, protection, streamsVersion, capabilities, agent } = doc
  const otherCcps = otherCcpsOf(state, docId).length
  const outlook = outlookOf(doc, rulesFor(doc, settings), otherCcps, settings.acwLimitMinutes)
  const policy = {
    popupOffline: settings.popupOffline,
    rulesFor: (one: CcpDocument) => rulesFor(one, settings),
    lastEntry,
  }
  const offlineNow = offlineNowOf(state, doc, policy, Date.now())
  const returnOffer = returnOf(state, doc, settings, Date.now())
  const missingTarget = missingTargetOf(agent, settings)
  const known = { docId, instance, surface, framed, protection, streamsVersion, capabilities, agent }
  return { ...known, missingTarget, outlook, offlineNow, returnOffer, otherCcps }
}

/** The state that the settings name, where the agent's list lacks it: the state of type offline is set instead. */
function missingTargetOf(agent: AgentFacts | null, { targetState }: Settings): string | null {
  const wanted = targetState.trim()
  if (agent === null || wanted === '') return null
  const { offlineState } = agent
  return offlineState !== null && isNamed([wanted], offlineState.name, offlineState.arn) ? null : wanted
}
