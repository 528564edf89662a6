import { agentKey } from '../../domain/agent'
import type { AdmissionRules } from '../../domain/field-check/admission'
import { refusalFor } from '../../domain/field-check/admission'
import type { FieldCheck as Check, Subject } from '../../domain/field-check/check'
import type { FieldCheckFile } from '../../domain/field-check/field-check-file'
import { fieldCheckFile } from '../../domain/field-check/field-check-file'
import type { CcpDocument } from '../../domain/closes/ccp-document'
import { keyOf } from '../../domain/closes/ccp-document'
import type { CloseState } from '../../domain/closes/state'
import type { FieldCandidate, FieldCheckRequest, FieldCheckView } from '../../protocol/field-check-messages'
import { FIELD_CHECK_PORT } from '../../protocol/field-check-messages'
import type { Runtime } from '../../platform/browser'
import { browser } from '../../platform/browser'
import { browserName } from '../../platform/browser-name'
import { forgetFieldCheck, loadFieldCheck, saveFieldCheck } from '../../storage/field-check-store'
import { openLog } from '../../storage/log-store'
import { loadSettings } from '../../storage/settings-store'
import { openCcp } from '../ccp-tabs'
import { pauseUntil } from '../pause'
import { backgroundCaller, pageCaller, pageHeaders } from './callers'
import { documentsOf, isReachable } from './documents'
import type { Outside } from './performing'
import { framePaths, probeCcp } from './probe-tab'
import { FieldCheckRunner } from './runner'

export interface FieldCheckParts {
  readonly state: () => Promise<CloseState>
  /** Resolves with the id of this run of the extension, once the worker has started. */
  readonly started: () => Promise<string>
}

const ENTRIES_LOOKED_AT = 20

/** The field check of the Health section: which agents may be checked, what runs, and what was found. */
export class FieldCheck {
  readonly #runner: FieldCheckRunner
  readonly #ports = new Set<Runtime.Port>()

  constructor(private readonly parts: FieldCheckParts) {
    this.#runner = new FieldCheckRunner({
      load: loadFieldCheck,
      save: saveFieldCheck,
      forget: forgetFieldCheck,
      outsideOf: (subject) => this.#outsideOf(subject),
      now: () => Date.now(),
      pause: pauseUntil,
    })
  }

  /** Adds the listeners. Must be called in the first tick of the worker. */
  listen(isFromUi: (sender: Runtime.MessageSender) => boolean): void {
    this.#runner.listen(() => this.parts.started())
    browser.runtime.onConnect.addListener((port) => {
      if (port.name !== FIELD_CHECK_PORT || port.sender === undefined || !isFromUi(port.sender)) return
      this.#ports.add(port)
      port.onDisconnect.addListener(() => {
        this.#ports.delete(port)
        if (this.#ports.size === 0) void this.#pageClosed()
      })
    })
  }

  /** Continues a check that another worker has left unfinished. */
  async resume(): Promise<void> {
    await this.#runner.resume(await this.parts.started())
  }

  /** Carries out a request of the options page. Resolves with the view after it. */
  async answer({ act, docId, isConfirmed = false }: FieldCheckRequest): Promise<FieldCheckView> {
    switch (act) {
      case 'look':
        return this.#view(isConfirmed, null)
      case 'stop':
        await this.#runner.stop('asked')
        return this.#view(isConfirmed, null)
      case 'forget':
        await this.#runner.forget()
        return this.#view(isConfirmed, null)
      case 'read':
      case 'statuses':
      case 'closes':
      case 'kill': {
        const doc = docId === undefined ? undefined : (await this.parts.state()).documents[docId]
        const refusal = refusalFor(applicant(doc), await rulesOf(isConfirmed))
        if (refusal !== null || doc?.agent == null) return this.#view(isConfirmed, refusal ?? 'agent_unknown')
        const subject = { instance: doc.instance, username: doc.agent.username, docId: doc.docId, url: doc.url }
        const hasBegun = await this.#runner.start(subject, act, await this.parts.started())
        return this.#view(isConfirmed, hasBegun ? null : 'running')
      }
    }
  }

  /**
   * Stops the check, because nobody can press Stop any more; but not during guided closes, which may close that page.
   */
  async #pageClosed(): Promise<void> {
    const part = (await this.#runner.current())?.part
    if (part === 'read' || part === 'statuses') await this.#runner.stop('page_closed')
  }

  async #view(isConfirmed: boolean, refusal: FieldCheckView['refusal']): Promise<FieldCheckView> {
    const rules = await rulesOf(isConfirmed)
    const { documents } = await this.parts.state()
    const check = await this.#runner.current()
    return {
      access: rules.named !== null ? (rules.named.length > 0 ? 'named' : 'off') : rules.isManaged ? 'off' : 'confirm',
      candidates: candidatesOf(Object.values(documents), rules),
      refusal,
      check: check && shownOf(check),
      file: check && fileOf(check),
    }
  }

  #outsideOf(subject: Subject): Outside {
    const { state } = this.parts
    const { instance, username, url } = subject
    const documents = async (): Promise<CcpDocument[]> => documentsOf(await state(), subject)
    return {
      documents,
      caller: async (by) => {
        if (by === 'background') return backgroundCaller(url)
        const doc = (await documents()).find(isReachable)
        return doc === undefined ? null : pageCaller(url, doc.place)
      },
      probe: probeCcp,
      frames: framePaths,
      headers: pageHeaders,
      entries: async () => {
        const entries = await (await openLog()).newest(ENTRIES_LOOKED_AT)
        return entries.filter((entry) => agentKey(entry.instance, entry) === agentKey(instance, { username }))
      },
      openCcp: async () => openCcp(await state(), instance, url),
    }
  }
}

/** The rules, by policy and by the person, for which agents the check may run. */
async function rulesOf(isConfirmed: boolean): Promise<AdmissionRules> {
  const { settings, managed, policy } = await loadSettings()
  const { installType } = await browser.management.getSelf()
  const named = managed.includes('fieldCheckAgents') ? settings.fieldCheckAgents : null
  return { named, isManaged: installType === 'admin' || policy !== 'none', isConfirmed }
}

const applicant = (doc: CcpDocument | undefined) =>
  doc !== undefined && isReachable(doc)
    ? { agent: doc.agent, ownCookies: doc.place.ownCookies }
    : { agent: null, ownCookies: false }

/** One document for each agent. */
function candidatesOf(documents: readonly CcpDocument[], rules: AdmissionRules): FieldCandidate[] {
  const open = documents.filter((doc) => isReachable(doc) && doc.agent !== null)
  const byAgent = new Map(open.map((doc) => [keyOf(doc), doc]))
  return [...byAgent.values()].map((doc) => ({
    docId: doc.docId,
    instance: doc.instance,
    name: doc.agent?.name || doc.agent?.username || '',
    refusal: refusalFor(applicant(doc), rules),
  }))
}

function shownOf({ original, ...check }: Check): FieldCheckView['check'] {
  return { ...check, isRestoreDue: original !== null }
}

function fileOf(check: Check): FieldCheckFile {
  return fieldCheckFile(check, { extensionVersion: browser.runtime.getManifest().version, browser: browserName() })
}
