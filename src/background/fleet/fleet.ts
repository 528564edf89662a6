import { amendmentRecord, closeRecord } from '../../domain/fleet/close-records'
import { agentsOf, nextCoverage } from '../../domain/fleet/coverage'
import { coverageRecords } from '../../domain/fleet/coverage-records'
import { kindsToConsentTo } from '../../domain/fleet/consent'
import { patternOf } from '../../domain/fleet/endpoint'
import type { Draft } from '../../domain/fleet/record'
import { NEVER_SENT } from '../../domain/fleet/send-schedule'
import { changesOf } from '../../domain/fleet/state-records'
import type { Reported } from '../../domain/fleet/state-records'
import type { FleetStatus, TestResult } from '../../domain/fleet/sending-status'
import { EMPTY_LEDGER } from '../../domain/fleet/sending-status'
import type { Amendment, LogEntry } from '../../domain/log-entry'
import type { CloseState } from '../../domain/closes/state'
import type { Settings } from '../../domain/settings'
import { browser } from '../../platform/browser'
import { withheld } from '../../platform/data-consent'
import { signalStored } from '../../platform/stored-signal'
import {
  forgetInstallation,
  isStartReported,
  installationId,
  noteStartReported,
  readInstallation,
} from '../../storage/installation-store'
import { openOutbox } from '../../storage/outbox-store'
import type { Outbox } from '../../storage/outbox-store'
import { loadSettings } from '../../storage/settings-store'
import { FollowUp } from '../follow-up'
import type { Problems } from '../problems'
import { Exporter } from './exporter'
import { identified } from './identify'
import { machineNow } from './machine'
import { post } from './post-records'
import { currentTarget, mayReport } from './current-target'
import { sendTest } from './test-record'

/** What reporting needs from the background. */
export interface FleetParts {
  readonly state: () => Promise<CloseState>
  /** Resolves when the documents of this run are known. */
  readonly started: () => Promise<unknown>
  /** `navigator.userAgent`. */
  readonly userAgent: string
  readonly problems: Problems
}

/**
 * Reports to the organization's collector, where the settings name one: each entry of the log, lasting conditions, and what is
 * protected. Its looks and sendings take turns; a failure is reported as a problem, and stops nothing else.
 */
export class Fleet {
  private outbox: Promise<Outbox> | null = null
  private readonly exporter = new Exporter({
    outbox: () => this.opened(),
    post,
    now: () => Date.now(),
    jitter: () => Math.random(),
  })
  private readonly followUp: FollowUp
  /** The last target, key included; null before the first look. */
  private lastTarget: string | null = null
  /** The status that the pages last got. */
  private shown = ''

  constructor(private readonly parts: FleetParts) {
    const { started, problems } = parts
    const look = () => this.withOutbox(() => this.reported())
    this.followUp = new FollowUp({ name: 'fleet', problem: 'problem_fleet', problems, started, look })
  }

  listen(): void {
    this.followUp.listen()
  }

  /**
   * Notes what was written to the log. Throws where it could not be noted: the same is then to be written again, under the same
   * ids.
   */
  async reportLog(entries: readonly LogEntry[], amendments: readonly Amendment[]): Promise<void> {
    const resolution = await loadSettings()
    if (!(await mayReport(resolution))) return
    // Not in turn: the owner of the turn may wait for the engine, which waits for this.
    await this.add([...entries.map(closeRecord), ...amendments.map(amendmentRecord)], null, resolution.settings)
    this.follow()
  }

  /** Called with each change of the state: finds out what is to be reported and sent, once for all changes meanwhile. */
  follow(): void {
    this.followUp.follow()
  }

  /** Called when the settings may name another collector, or none, or when it has changed what may be sent. */
  settingsChanged(): void {
    this.followUp.followSettings()
  }

  async status(): Promise<FleetStatus> {
    const resolution = await loadSettings()
    const endpoint = resolution.settings.otlpEndpoint
    if (endpoint === '') return { endpoint: null, access: null, withheld: [], waiting: 0, ledger: EMPTY_LEDGER }
    const pattern = patternOf(endpoint)
    const isGranted = await browser.permissions.contains({ origins: [pattern] })
    const outbox = await this.opened()
    const [{ count: waiting }, ledger] = [await outbox.waiting(), await outbox.ledger()]
    const kinds = await withheld(kindsToConsentTo(resolution))
    return { endpoint, access: { pattern, isGranted }, withheld: kinds, waiting, ledger }
  }

  /**
   * The browser allows more than before: the present state is reported without waiting for the back-off, but not sooner than the
   * collector allows.
   */
  async retryNow(): Promise<void> {
    await this.followUp.inTurn(() =>
      this.withOutbox(async () => {
        if ((await readInstallation()) === null) return
        const outbox = await this.opened()
        const ledger = await outbox.ledger()
        await outbox.settle([], { ...ledger, sending: { ...ledger.sending, backoffUntil: null } })
      }),
    )
    this.followUp.followSettings()
  }

  /** Sends a record that is marked as a test, past the outbox. Throws where nothing is configured. */
  async test(): Promise<TestResult> {
    const resolution = await loadSettings()
    const target = await currentTarget(resolution, this.parts.userAgent)
    if (target === null) throw new Error('Nothing may be sent anywhere.')
    return sendTest(target, resolution.settings)
  }

  /** @returns when to look again, as `FollowUp` takes it. */
  private async reported(): Promise<number | 'off'> {
    const resolution = await loadSettings()
    const { settings } = resolution
    const target = await currentTarget(resolution, this.parts.userAgent)
    if (target === null) {
      await this.end()
      return 'off'
    }
    const outbox = await this.opened()
    const state = await this.parts.state()
    const name = JSON.stringify(target)
    if (this.lastTarget !== null && this.lastTarget !== name) {
      await outbox.settle([], { ...(await outbox.ledger()), sending: NEVER_SENT })
    }
    this.lastTarget = name
    const before = await outbox.reported()
    const policyProblems = resolution.problems.filter(({ source }) => source === 'policy')
    const { reported, drafts } = changesOf(before, state, policyProblems, Date.now())
    const agents = agentsOf(state, reported.coverage)
    const isStart = !(await isStartReported())
    const due = nextCoverage(reported.coverage, agents, isStart, settings.coverageMinutes * 60_000, Date.now())
    const isDue = due.at <= Date.now()
    const coverage: Draft[] = []
    if (isDue) {
      const machine = { settings, policyProblems: policyProblems.length, ...(await machineNow(state, outbox)) }
      coverage.push(...coverageRecords(state, machine, due.cause, Date.now()))
    }
    const next: Reported = isDue ? { ...reported, coverage: { at: Date.now(), agents } } : reported
    if (drafts.length > 0 || isDue || JSON.stringify(next) !== JSON.stringify(before)) {
      await this.add([...drafts, ...coverage], next, settings)
    }
    if (isStart) await noteStartReported()
    const sending = await this.exporter.run(target)
    await this.notifyPages(outbox)
    const again = isDue ? Date.now() + settings.coverageMinutes * 60_000 : due.at
    return Math.min(again, sending ?? Infinity)
  }

  /** For the pages that show the outbox. */
  private async notifyPages(outbox: Outbox): Promise<void> {
    const shown = JSON.stringify([(await outbox.waiting()).count, await outbox.ledger()])
    if (shown === this.shown) return
    this.shown = shown
    await signalStored(['outbox'])
  }

  private async add(drafts: readonly Draft[], reported: Reported | null, settings: Settings): Promise<void> {
    const id = await installationId()
    const now = Date.now()
    const records = await Promise.all(drafts.map((draft) => identified(draft, settings, id, now)))
    await (await this.opened()).add(records, reported)
  }

  /** The settings name no collector any more: all records are deleted. */
  private async end(): Promise<void> {
    if ((await readInstallation()) === null) return
    await (await this.opened()).clear()
    await forgetInstallation()
  }

  /** The open outbox; tries again where it could not be opened. */
  private opened(): Promise<Outbox> {
    this.outbox ??= openOutbox().catch((error: unknown) => {
      this.outbox = null
      throw error
    })
    return this.outbox
  }

  /** Opens the outbox again after a failure: a connection that the browser has closed is of no more use. */
  private async withOutbox<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task()
    } catch (error) {
      this.outbox = null
      throw error
    }
  }
}
