import * as v from 'valibot'
import type { Finding, FindingCode, SelfTestResult, SelfTestStep, Verdict } from '../domain/self-test-steps'
import type { SourcedProblem } from '../domain/policy'
import { makesObserve } from '../domain/settings'
import type { CcpDocument } from '../domain/closes/ccp-document'
import { unprotectedBecause } from '../domain/closes/ccp-document'
import type { CloseState } from '../domain/closes/state'
import type { DirectPathHealth } from '../domain/capabilities'
import { documentCheckSchema } from '../protocol/document-messages'
import { browser } from '../platform/browser'
import { checkLogStore, openLog } from '../storage/log-store'
import { ownStore } from '../storage/own-store'
import type { ResolvedSettings } from '../storage/settings-store'
import { loadSettings } from '../storage/settings-store'
import { sendToDocument, unreachedTabs } from './ccp-tabs'
import { hostAccess } from './host-access'

/** How long a step may take, in ms. What works answers within a few ms; a frozen page never does. */
const PATIENCE_MS = 4_000
/** The key of the probes that are written and removed again. */
const PROBE = 'selfTest'
/** A probe of the clock that is not removed, as where the worker dies, has no listener, and fires once. */
const ALARM_MS = 60 * 60_000

export interface SelfTestParts {
  readonly version: string
  readonly state: () => Promise<CloseState>
  /** The problems that the extension has found in itself. */
  readonly problems: () => readonly string[]
}

/**
 * Runs one step. Never rejects: a failure is the finding. It changes no agent's state, and asks no instance anything: asking for
 * authorization would keep alive a session that may be about to end.
 */
export async function selfTest(step: SelfTestStep, parts: SelfTestParts): Promise<SelfTestResult> {
  try {
    const [first, ...others] = await within(run(step, parts))
    return { step, findings: [first ?? found('failed', 'bad', 'Nothing was found.'), ...others] }
  } catch (error) {
    return { step, findings: [found('failed', 'bad', error instanceof Error ? error.message : String(error))] }
  }
}

function run(step: SelfTestStep, parts: SelfTestParts): Promise<Finding[]> {
  switch (step) {
    case 'background':
      return Promise.resolve([found('answers', 'ok', parts.version)])
    case 'settings':
      return checkSettings()
    case 'local':
      return checkStores()
    case 'session':
      return checkArea(browser.storage.session)
    case 'log':
      return checkLog()
    case 'alarms':
      return checkAlarms()
    case 'notifications':
      return checkNotifications()
    case 'hosts':
      return checkHosts()
    case 'pages':
      return checkPages(parts)
    case 'direct':
      return lastProbes(parts)
    case 'problems':
      return Promise.resolve(problemFindings(parts.problems()))
  }
}

async function checkSettings(): Promise<Finding[]> {
  const resolved = await loadSettings()
  const { problems } = resolved
  const held = problems.some(makesObserve) ? [found('held_to_observe', 'bad')] : []
  return [policyFinding(resolved), ...problems.map(problemFinding), ...held]
}

function policyFinding({ policy, managed }: ResolvedSettings): Finding {
  switch (policy) {
    case 'none':
      return found('settings_read', 'ok')
    case 'delivered':
      return found('policy_read', 'ok', String(managed.length))
    case 'kept':
      return found('policy_kept', 'warn')
    case 'waiting':
      return found('policy_waiting', 'warn')
  }
}

function problemFinding({ source, key, value, allowed }: SourcedProblem): Finding {
  const verdict = source === 'policy' ? 'bad' : 'warn'
  if (allowed === null) return found('unknown_key', verdict, key)
  return found(source === 'policy' ? 'policy_value' : 'user_value', verdict, key, JSON.stringify(value), allowed)
}

/** The mailbox, and the extension's own store. */
async function checkStores(): Promise<Finding[]> {
  const findings = [...(await checkArea(browser.storage.local)), ...(await checkArea(ownStore))]
  return findings.filter(({ verdict }, nth) => nth === 0 || verdict !== 'ok')
}

interface Store {
  get(key: string): Promise<Record<string, unknown>>
  set(items: Record<string, unknown>): Promise<void>
  remove(key: string): Promise<void>
}

async function checkArea(area: Store): Promise<Finding[]> {
  const mark = crypto.randomUUID()
  await area.set({ [PROBE]: mark })
  const { [PROBE]: read } = await area.get(PROBE)
  await area.remove(PROBE)
  return [read === mark ? found('works', 'ok') : found('not_kept', 'bad')]
}

async function checkLog(): Promise<Finding[]> {
  await checkLogStore()
  await (await openLog()).newest(1)
  return [found('works', 'ok')]
}

async function checkAlarms(): Promise<Finding[]> {
  await browser.alarms.create(PROBE, { when: Date.now() + ALARM_MS })
  const alarm = (await browser.alarms.get(PROBE)) as object | undefined
  await browser.alarms.clear(PROBE)
  return [alarm === undefined ? found('not_kept', 'bad') : found('alarm_set', 'ok')]
}

async function checkNotifications(): Promise<Finding[]> {
  const { settings } = await loadSettings()
  if (!settings.notify) return [found('notices_off', 'unknown')]
  // Firefox does not say.
  const api = browser.notifications as Partial<{ getPermissionLevel(): Promise<string> }>
  if (api.getPermissionLevel === undefined) return [found('notices_untold', 'unknown')]
  const level = await api.getPermissionLevel()
  return [level === 'granted' ? found('notices_granted', 'ok') : found('notices_denied', 'bad')]
}

async function checkHosts(): Promise<Finding[]> {
  const hosts = await hostAccess()
  return hosts.map(({ pattern, isGranted }) =>
    isGranted ? found('host_granted', 'ok', pattern) : found('host_missing', 'bad', pattern),
  )
}

async function checkPages({ state }: SelfTestParts): Promise<Finding[]> {
  const known = await state()
  const unreached = await unreachedTabs(known)
  const findings = await Promise.all(openPages(known).map(checkPage))
  const left = unreached === 0 ? [] : [found('tabs_unreached', 'bad', String(unreached))]
  return findings.length + left.length === 0 ? [found('no_pages', 'unknown')] : [...findings, ...left]
}

async function checkPage(doc: CcpDocument): Promise<Finding> {
  const who = nameOf(doc)
  const finding = (code: FindingCode, verdict: Verdict) => found(code, verdict, who, doc.instance)
  const asked = within(sendToDocument(doc, { type: 'check', docId: doc.docId }), PATIENCE_MS / 2)
  const answer = v.safeParse(documentCheckSchema, await asked.catch(() => null))
  if (!answer.success) return finding('page_silent', 'bad')
  if (!answer.output.isBridgeThere) return finding('page_without_bridge', 'bad')
  if (!answer.output.isConfigured) return finding('page_unconfigured', 'bad')
  return unprotectedBecause(doc.protection) !== null ? finding('page_unprotected', 'bad') : finding('page_ready', 'ok')
}

/** How each page's own last request fared, as the page has reported: none is made here. */
async function lastProbes({ state }: SelfTestParts): Promise<Finding[]> {
  const findings = openPages(await state()).map((doc): Finding => {
    const { status, roundTripMs, at } = doc.capabilities?.direct ?? UNREPORTED
    return { ...found(`direct_${status}`, DIRECT_VERDICTS[status], nameOf(doc)), tried: { roundTripMs, at } }
  })
  return findings.length === 0 ? [found('no_pages', 'unknown')] : findings
}

const UNREPORTED: DirectPathHealth = { status: 'untried', roundTripMs: null, at: null }

const DIRECT_VERDICTS: Readonly<Record<DirectPathHealth['status'], Verdict>> = {
  untried: 'unknown',
  works: 'ok',
  failed: 'warn',
  no_token: 'warn',
  expired: 'warn',
  forbidden: 'unknown',
}

function problemFindings(problems: readonly string[]): Finding[] {
  if (problems.length === 0) return [found('no_problems', 'ok')]
  return problems.map((problem) => found('problem', 'bad', problem))
}

function openPages({ documents }: CloseState): CcpDocument[] {
  return Object.values(documents).filter(({ gone }) => gone === null)
}

function nameOf({ agent, instance }: CcpDocument): string {
  return agent === null ? instance : agent.name || agent.username
}

function found(code: FindingCode, verdict: Verdict, ...values: readonly string[]): Finding {
  return { code, verdict, values }
}

/** The result of a promise, or an error where it takes too long. */
async function within<T>(promise: Promise<T>, ms = PATIENCE_MS): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${ms / 1_000} s.`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
