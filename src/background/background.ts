import { rulesOfClose } from '../domain/closes/in-scope'
import type { CcpEvent } from '../domain/closes/events'
import type { CloseState } from '../domain/closes/state'
import { browser } from '../platform/browser'
import type { Runtime } from '../platform/browser'
import { hideManagedStorage } from '../platform/managed-storage'
import { onNetworkBack } from '../platform/network'
import { currentRun } from '../platform/session-run'
import { signalledKeys } from '../platform/stored-signal'
import { onTabLoad } from '../platform/tab-updates'
import { CCP_MATCH_PATTERNS } from '../protocol/ccp-urls'
import { isLogDamageChange } from '../storage/log-store'
import { isMail } from '../storage/mailbox'
import { noteStart } from '../storage/profile-store'
import { endPolicyWait } from '../storage/policy-store'
import { isDamageChange, putAside } from '../storage/put-aside'
import { loadCloses, saveCloses } from '../storage/close-store'
import { isSettingsChange, loadSettings } from '../storage/settings-store'
import { AlarmClock } from './alarm-clock'
import { recheckUnanswered } from './recheck'
import { AwayWatch } from './away-watch'
import { ConfigSender } from './config-sender'
import { isCcpLoading, isHeld, tabStatus, sendToDocument } from './ccp-tabs'
import { FieldCheck } from './field-check/field-check'
import { listenForNoticeClicks } from './flag-notices'
import { requestAgain } from './go-offline'
import { DocumentMail } from './document-mail'
import { injectIntoOpenTabs } from './late-injection'
import { KeepAwake } from './keep-awake'
import { LentTokens } from './lent-tokens'
import { pruneDaily, pruneLog } from './log-writer'
import { PresencePorts } from './presence-ports'
import { LogOut } from './log-out'
import { rulesFor } from './page-config-for'
import type { ProblemKey } from './problems'
import { Problems } from './problems'
import { Recoverer } from './recoverer'
import { PolicyWait } from './policy-wait'
import { Reporting } from './reporting'
import { CloseEngine } from './close-engine'
import { listenForReturnClicks } from './return-notices'
import { Showing } from './showing'
import { answerUi, isFromUi, openFlagged, recoverFlagged } from './ui-requests'
import { UpdateGate } from './update-gate'
import { CloseChecker } from './close-checker'
import { openPage, welcome } from './open-welcome'

const INJECTING = 'problem_notEntered'

/** Connects the browser's events with the close engine, and the engine's state with what people see. */
export function startBackground(): void {
  const problems = new Problems()
  const engine: CloseEngine = new CloseEngine({
    extensionVersion: browser.runtime.getManifest().version,
    now: () => Date.now(),
    settings: async () => (await loadSettings()).settings,
    load: () => loadCloses(() => problems.report('problem_stateDamaged')),
    save: saveCloses,
    putAside,
    writeLog: (entries, amendments) => reporting.log(entries, amendments),
    tabStatus,
    isHeld,
    notifyStaying: (doc, closeId) => void sendToDocument(doc, { type: 'staying', docId: doc.docId, closeId }),
    wakeAt: (at) => clock.set(at),
    watch: (isWanted) => keepAwake.follow(isWanted),
    onChange: follow,
    problems,
  })
  const clock = new AlarmClock(
    () => engine.tick(),
    'settle',
    (askedAt, passed) => away.woke(askedAt, passed),
  )
  const keepAwake = new KeepAwake({
    onAlarm: () => onceStarted('problem_openUnknown', (runId) => presencePorts.askWhoLives(runId)),
    onWake: (askedAt, passed) => away.woke(askedAt, passed),
  })
  const policyWait = new PolicyWait()
  const machine = {
    state: () => engine.state(),
    dispatch: (event: CcpEvent) => engine.dispatch(event),
    settings: async () => (await loadSettings()).settings,
  }
  const away = new AwayWatch({ ...machine, started: () => started, problems })
  const presencePorts = new PresencePorts({ ...machine, started: () => started, problems })
  const logOut = new LogOut({ ...machine, isArriving: isCcpLoading })
  const tokens = new LentTokens(() => engine.state())
  const checker = new CloseChecker({
    ...machine,
    isArriving: isCcpLoading,
    targetState: async () => (await machine.settings()).targetState,
    maySet: async () => {
      const { mode, directPath } = await machine.settings()
      return mode === 'act' && directPath === 'everywhere'
    },
    rulesOf: async (close) => {
      const settings = await machine.settings()
      return rulesOfClose(close, (doc) => rulesFor(doc, settings))
    },
    workLimitMs: async () => (await machine.settings()).acwLimitMinutes * 60_000,
    requestAgain,
    lentToken: (docIds) => tokens.of(docIds),
  })
  const recoverer = new Recoverer({ ...machine, started: () => started, problems })
  const reporting: Reporting = new Reporting({ ...machine, started: () => started, problems })
  const { fleet, heartbeats } = reporting
  const fieldCheck = new FieldCheck({ state: () => engine.state(), started: () => started })
  const configs = new ConfigSender(() => engine.state())
  const gate = new UpdateGate(() => engine.state())
  const showing = new Showing(() => engine.state(), problems)
  const mail = new DocumentMail({ engine, tokens, configs, problems })
  const started = start()
  run('problem_fieldCheck', fieldCheck.resume())

  clock.listen()
  keepAwake.listen()
  policyWait.listen()
  reporting.listen()
  fieldCheck.listen(isFromUi)
  gate.listen()
  showing.listen()
  away.listen()
  away.follow()
  for (const change of [browser.windows.onCreated, browser.windows.onRemoved]) {
    change.addListener(() =>
      run(
        'problem_settingsUntold',
        started.then(() => configs.follow()).then(() => recoverer.consider()),
      ),
    )
  }
  browser.runtime.onMessage.addListener(onMessage)
  presencePorts.listen()
  browser.storage.onChanged.addListener((changes, area) => {
    if (area === 'local' && isMail(changes)) onceStarted('problem_mailUnread', (runId) => mail.collect(runId))
    if (area === 'managed') run('problem_policyNotTaken', endPolicyWait().then(settingsChanged))
    if (isSettingsChange(changes, area)) settingsChanged()
    const keys = signalledKeys(changes, area)
    if (isDamageChange(keys)) problems.report('problem_stateDamaged')
    if (isLogDamageChange(keys)) problems.report('problem_logDamaged')
  })
  browser.tabs.onRemoved.addListener((tabId, { isWindowClosing }) => {
    const removed = { type: 'tab_removed', at: Date.now(), tabId, windowClosing: isWindowClosing } as const
    onceStarted('problem_tabUnnoted', () => engine.dispatch(removed))
  })
  onTabLoad(CCP_MATCH_PATTERNS, (tabId) =>
    onceStarted('problem_openUnknown', (runId) => presencePorts.askWhoLives(runId, tabId)),
  )
  onNetworkBack(() => onceStarted('problem_event', () => recheckUnanswered(engine)))
  browser.runtime.onInstalled.addListener(({ reason }) => {
    onceStarted(INJECTING, injectIntoOpenTabs)
    if (reason === 'install') run('problem_welcome', welcome())
  })
  browser.permissions.onAdded.addListener(() => {
    onceStarted(INJECTING, injectIntoOpenTabs)
    run('problem_fleet', fleet.retryNow())
    heartbeats.settingsChanged()
  })
  browser.permissions.onRemoved.addListener(() => reporting.settingsChanged())
  browser.runtime.onStartup.addListener(() => {
    onceStarted('problem_startUnheard', (runId) => engine.dispatch({ type: 'browser_started', at: Date.now(), runId }))
  })
  listenForNoticeClicks(
    (closeId) => {
      actOnFlag(closeId).catch(() => {
        // The agent has been back since: there is nothing to open.
      })
    },
    () => run('problem_show', openPage('options.html#log')),
  )
  listenForReturnClicks(machine, (task) => onceStarted('problem_event', task))

  function settingsChanged(): void {
    away.follow()
    reporting.settingsChanged()
    showing.again()
    run('problem_settingsUntold', configs.follow())
    run('problem_tokensKept', tokens.forget())
    run('problem_logUnpruned', pruneLog())
  }

  async function actOnFlag(closeId: string): Promise<void> {
    await started
    if (!(await recoverFlagged(engine, closeId))) await openFlagged(engine, closeId)
  }

  /** Reports the failure of a task that nobody waits for, until it succeeds again. */
  function run(what: ProblemKey, task: Promise<unknown>): void {
    void problems.watch(what, task)
  }

  /** The same for a task that waits for the start of this worker. @param task gets the id of this run. */
  function onceStarted(what: ProblemKey, task: (runId: string) => unknown): void {
    run(what, started.then(task))
  }

  /** Never rejects: whatever else is broken, the CCPs of this run are watched. */
  async function start(): Promise<string> {
    void hideManagedStorage()
    await noteStart(Date.now()).catch((error: unknown) => problems.reportError('problem_start', error))
    const runId = await currentRun().catch((error: unknown) => {
      problems.reportError('problem_run', error)
      return crypto.randomUUID()
    })
    await engine.dispatch({ type: 'worker_started', at: Date.now(), runId })
    await mail.collect(runId).catch((error: unknown) => problems.reportError('problem_mailUnread', error))
    await engine.tick()
    run('problem_policyNotAwaited', policyWait.begin())
    run('problem_logUnpruned', pruneDaily())
    run('problem_tabNotClosed', recoverer.tidy())
    run('problem_openUnknown', presencePorts.askWhoLives(runId))
    run(INJECTING, reclaimOrphans())
    return runId
  }

  /** An extension that was switched off and on again finds its CCPs still open. */
  async function reclaimOrphans(): Promise<void> {
    const { documents } = await engine.state()
    const orphans = Object.values(documents).filter((doc) => doc.orphanedAt !== null && doc.gone === null)
    const held = await Promise.all(orphans.map(isHeld))
    if (held.includes(true)) await injectIntoOpenTabs()
  }

  function onMessage(message: unknown, sender: Runtime.MessageSender): Promise<unknown> | undefined {
    if (isFromUi(sender))
      return started.then(() => answerUi(message, { engine, problems, fleet, heartbeats, fieldCheck }))
    return started.then((runId) => mail.take(message, sender, runId))
  }

  /** What follows each state: first what is due at once, then what people see. */
  function follow(state: CloseState): void {
    checker.consider(state, Date.now())
    run('problem_tokensKept', tokens.forget())
    recoverer.consider()
    away.consider()
    reporting.follow()
    run('problem_logOut', logOut.consider(state))
    gate.consider(state)
    run('problem_settingsUntold', configs.follow())
    showing.follow(state)
  }
}
