import { rulesOfClose } from '../domain/sessions/in-scope'
import type { SessionEvent } from '../domain/sessions/events'
import type { SessionsState } from '../domain/sessions/state'
import { browser } from '../platform/browser'
import type { Runtime } from '../platform/browser'
import { currentRun } from '../platform/session-run'
import { isMail } from '../storage/mailbox'
import { noteStart } from '../storage/profile-store'
import { endPolicyWait } from '../storage/policy-store'
import { loadSessions, putAside, saveSessions } from '../storage/sessions-store'
import { isSettingsChange, loadSettings } from '../storage/settings-store'
import { AlarmClock } from './alarm-clock'
import { AwayWatch } from './away-watch'
import { ConfigTeller } from './config-teller'
import { isCcpLoading, isHeld, tabStatus, tellDocument } from './ccp-tabs'
import { Fleet } from './fleet/fleet'
import { listenForNoticeClicks } from './flag-notices'
import { emptyMailbox, readDocumentMessage } from './inbox'
import { injectIntoOpenTabs } from './late-injection'
import { LentTokens } from './lent-tokens'
import { pruneLog, writeLog } from './log-writer'
import { LifeLines } from './life-lines'
import { LogOut } from './log-out'
import { rulesFor } from './page-config'
import type { ProblemKey } from './problems'
import { Problems } from './problems'
import { isStray, Recoverer } from './recoverer'
import { closeTab } from './recovery-tab'
import { PolicyWait } from './policy-wait'
import { SessionEngine } from './session-engine'
import { Showing } from './showing'
import { answerUi, isFromUi, openFlagged, recoverFlagged } from './ui-requests'
import { UpdateGate } from './update-gate'
import { Verifier } from './verifier'
import { welcome } from './welcome'

const INJECTING = 'problem_notEntered'

/** Wires the browser's events to the session engine, and the engine's state to what people see. */
export function startBackground(): void {
  const problems = new Problems()
  const engine: SessionEngine = new SessionEngine({
    extensionVersion: browser.runtime.getManifest().version,
    now: () => Date.now(),
    settings: async () => (await loadSettings()).settings,
    load: () => loadSessions(() => problems.report('problem_stateDamaged')),
    save: saveSessions,
    putAside,
    writeLog: async (entries, amendments) => {
      await writeLog(entries, amendments)
      await fleet.reportLog(entries, amendments)
    },
    tabStatus,
    isHeld,
    tellStaying: (doc, closeId) => void tellDocument(doc, { type: 'staying', docId: doc.docId, closeId }),
    wakeAt: (at) => clock.set(at),
    onChange: follow,
    problems,
  })
  const clock = new AlarmClock(
    () => engine.tick(),
    'settle',
    (askedAt, passed) => away.woke(askedAt, passed),
  )
  const policyWait = new PolicyWait()
  const machine = {
    state: () => engine.state(),
    dispatch: (event: SessionEvent) => engine.dispatch(event),
    settings: async () => (await loadSettings()).settings,
  }
  const away = new AwayWatch({ ...machine, started: () => started, problems })
  const lines = new LifeLines({ ...machine, started: () => started, problems })
  const logOut = new LogOut({ ...machine, isArriving: isCcpLoading })
  const tokens = new LentTokens(() => engine.state())
  const verifier = new Verifier({
    state: () => engine.state(),
    dispatch: (event) => engine.dispatch(event),
    isArriving: isCcpLoading,
    maySet: async () => {
      const { settings } = await loadSettings()
      return settings.mode === 'act' && settings.directPath === 'everywhere'
    },
    rulesOf: async (close) => {
      const { settings } = await loadSettings()
      return rulesOfClose(close, (doc) => rulesFor(doc, settings))
    },
    workLimitMs: async () => (await loadSettings()).settings.acwLimitMinutes * 60_000,
    lentToken: (docIds) => tokens.of(docIds),
  })
  const recoverer = new Recoverer({
    state: () => engine.state(),
    dispatch: (event) => engine.dispatch(event),
    started: () => started,
    problems,
  })
  const fleet: Fleet = new Fleet({
    state: () => engine.state(),
    started: () => started,
    userAgent: navigator.userAgent,
    problems,
  })
  const configs = new ConfigTeller(() => engine.state())
  const gate = new UpdateGate(() => engine.state())
  const showing = new Showing(() => engine.state(), problems)
  const started = start()

  clock.listen()
  policyWait.listen()
  fleet.listen()
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
  lines.listen()
  browser.storage.onChanged.addListener((changes, area) => {
    if (area === 'local' && isMail(changes)) run('problem_mailUnread', collectMail())
    if (area === 'managed') run('problem_policyNotTaken', endPolicyWait().then(settingsChanged))
    if (area === 'local' && isSettingsChange(changes)) settingsChanged()
  })
  browser.tabs.onRemoved.addListener((tabId, { isWindowClosing }) => {
    const removed = { type: 'tab_removed', at: Date.now(), tabId, windowClosing: isWindowClosing } as const
    run(
      'problem_tabUnnoted',
      started.then(() => engine.dispatch(removed)),
    )
  })
  browser.runtime.onInstalled.addListener(({ reason }) => {
    run(INJECTING, started.then(injectIntoOpenTabs))
    if (reason === 'install') run('problem_welcome', welcome())
  })
  browser.permissions.onAdded.addListener(() => {
    run(INJECTING, started.then(injectIntoOpenTabs))
    run('problem_fleet', fleet.retryNow())
  })
  browser.permissions.onRemoved.addListener(() => fleet.settingsChanged())
  browser.runtime.onStartup.addListener(() => {
    run(
      'problem_startUnheard',
      started.then((runId) => engine.dispatch({ type: 'browser_started', at: Date.now(), runId })),
    )
  })
  listenForNoticeClicks((closeId) => {
    actOnFlag(closeId).catch(() => {
      // The agent has been back since: there is nothing to open.
    })
  })

  function settingsChanged(): void {
    away.follow()
    fleet.settingsChanged()
    run('problem_settingsUntold', configs.follow())
    run('problem_tokensKept', tokens.forget())
    run('problem_logUnpruned', pruneLog())
  }

  async function actOnFlag(closeId: string): Promise<void> {
    await started
    if (!(await recoverFlagged(engine, closeId))) await openFlagged(engine, closeId)
  }

  /** Reports what goes wrong where nobody waits for it, until it succeeds again. */
  function run(what: ProblemKey, task: Promise<unknown>): void {
    void problems.watch(what, task)
  }

  /** Never rejects: whatever else is broken, the CCPs of this run are watched. */
  async function start(): Promise<string> {
    await noteStart(Date.now()).catch((error: unknown) => problems.reportError('problem_start', error))
    const runId = await currentRun().catch((error: unknown) => {
      problems.reportError('problem_run', error)
      return crypto.randomUUID()
    })
    await engine.dispatch({ type: 'worker_started', at: Date.now() }, { type: 'run_started', at: Date.now(), runId })
    await emptyMailbox(runId, (...events) => engine.dispatch(...events), problems).catch((error: unknown) =>
      problems.reportError('problem_mailUnread', error),
    )
    await engine.tick()
    run('problem_policyNotAwaited', policyWait.begin())
    run('problem_logUnpruned', pruneLog())
    run('problem_tabNotClosed', recoverer.tidy())
    run('problem_openUnknown', lines.askWhoLives(runId))
    run(INJECTING, reclaimOrphans())
    return runId
  }

  /** An extension that was switched off and on again finds its CCPs where it left them. */
  async function reclaimOrphans(): Promise<void> {
    const { documents } = await engine.state()
    const orphans = Object.values(documents).filter((doc) => doc.orphanedAt !== null && doc.gone === null)
    const held = await Promise.all(orphans.map(isHeld))
    if (held.includes(true)) await injectIntoOpenTabs()
  }

  async function collectMail(): Promise<void> {
    const runId = await started
    await emptyMailbox(runId, (...events) => engine.dispatch(...events), problems)
  }

  function onMessage(message: unknown, sender: Runtime.MessageSender): Promise<unknown> | undefined {
    if (isFromUi(sender)) return started.then(() => answerUi(message, engine, problems, fleet))
    return started.then(async (runId) => {
      const event = readDocumentMessage(message, sender, runId)
      if (event?.type !== 'news') {
        await tokens.take(message, sender)
        return null
      }
      if (event.place !== null && isStray(event, await engine.state())) {
        await closeTab(event.place.tabId)
        return null
      }
      await engine.dispatch(event)
      return event.news.type === 'hello' ? configs.answerFor(event.header, event.place) : null
    })
  }

  /** What follows each state: what is due at once first, and what people see after it. */
  function follow(state: SessionsState): void {
    verifier.consider(state, Date.now())
    run('problem_tokensKept', tokens.forget())
    recoverer.consider()
    away.consider()
    fleet.follow()
    run('problem_logOut', logOut.consider(state))
    gate.consider(state)
    run('problem_settingsUntold', configs.follow())
    showing.follow(state)
  }
}
