import { amendmentRecord, closeRecord } from '../../domain/fleet/close-records'
import { agentsOf, nextCoverage } from '../../domain/fleet/coverage'
import { coverageRecords } from '../../domain/fleet/coverage-records'
import { kindsToConsentTo } from '../../domain/fleet/consent'
import { patternOf } from '../../domain/fleet/endpoint'
import type { Draft } from '../../domain/fleet/record'
import { NEVER_SENT } from '../../domain/fleet/schedule'
import { newsOf } from '../../domain/fleet/state-records'
import type { Told } from '../../domain/fleet/state-records'
import type { FleetStatus, TestResult } from '../../domain/fleet/status'
import type { Amendment, LogEntry } from '../../domain/log-entry'
import type { SessionsState } from '../../domain/sessions/state'
import type { Settings } from '../../domain/settings'
import { browser } from '../../platform/browser'
import { withheld } from '../../platform/data-consent'
import {
  forgetInstallation,
  hasToldStart,
  installationId,
  noteStartTold,
  readInstallation,
} from '../../storage/installation-store'
import { EMPTY_LEDGER, openOutbox } from '../../storage/outbox-store'
import type { Outbox } from '../../storage/outbox-store'
import { loadSettings } from '../../storage/settings-store'
import { AlarmClock } from '../alarm-clock'
import type { Problems } from '../problems'
import { Exporter } from './exporter'
import { identified } from './identify'
import { machineNow } from './machine'
import { post } from './post'
import { currentTarget, mayReport } from './current-target'
import { sendTest } from './test-record'

/** In `storage.local`: counts the changes of the outbox, for the pages that show it. */
const REVISION_KEY = 'fleetRevision'

/** What reporting needs of the world around it. */
export interface FleetParts {
  readonly state: () => Promise<SessionsState>
  /** Resolves when the documents of this run are known. */
  readonly started: () => Promise<unknown>
  /** As `navigator.userAgent` has it. */
  readonly userAgent: string
  readonly problems: Problems
}

/**
 * Reports to the organization's collector, where the settings name one: each entry of the log, what is so for a while, and
 * what is protected. What it looks at and sends is done by one after another; what fails is a problem of its own, and of nobody
 * else's.
 */
export class Fleet {
  private queue: Promise<unknown> = Promise.resolve()
  private outbox: Promise<Outbox> | null = null
  private readonly exporter = new Exporter({
    outbox: () => this.opened(),
    post,
    now: () => Date.now(),
    jitter: () => Math.random(),
  })
  private readonly clock = new AlarmClock(() => this.look(), 'fleet')
  private isLooking = false
  /** The settings name no address: there is nothing to look for until they change. */
  private isOff = false
  /** Where it went the last time that was looked, key and all; null before that. */
  private lastTarget: string | null = null
  /** What the pages were told to read. */
  private shown = ''

  constructor(private readonly parts: FleetParts) {}

  listen(): void {
    this.clock.listen()
  }

  /**
   * Notes what was written to the log. Throws where it could not be noted: it is to be written again then, under the same
   * ids.
   */
  async reportLog(entries: readonly LogEntry[], amendments: readonly Amendment[]): Promise<void> {
    const resolution = await loadSettings()
    if (!(await mayReport(resolution))) return
    // Not in turn: whoever is at it may wait for the engine, which waits for this.
    await this.add([...entries.map(closeRecord), ...amendments.map(amendmentRecord)], null, resolution.settings)
    this.follow()
  }

  /** Called with each change of what is so: looks what is to be told and sent, once for all that came meanwhile. */
  follow(): void {
    if (this.isLooking || this.isOff) return
    this.isLooking = true
    void this.look()
  }

  /** Called when the settings may name another address, or none, or what may go there has changed. */
  settingsChanged(): void {
    this.isOff = false
    this.follow()
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
   * The browser allows more than it did: what is so now is looked at, and no pause of ours is waited for, but one of the
   * collector's.
   */
  async retryNow(): Promise<void> {
    this.isOff = false
    await this.inTurn(async () => {
      if ((await readInstallation()) === null) return
      const outbox = await this.opened()
      const ledger = await outbox.ledger()
      await outbox.settle([], { ...ledger, sending: { ...ledger.sending, backoffUntil: null } })
    })
    this.follow()
  }

  /** Sends a record that says that it is a test, past the outbox. Throws where nothing is configured. */
  async test(): Promise<TestResult> {
    const resolution = await loadSettings()
    const target = await currentTarget(resolution, this.parts.userAgent)
    if (target === null) throw new Error('Nothing may be sent anywhere.')
    return sendTest(target, resolution.settings)
  }

  /** Never rejects. */
  private async look(): Promise<void> {
    this.isLooking = true
    const { problems, started } = this.parts
    await problems.watch(
      'problem_fleet',
      started().then(() =>
        this.inTurn(async () => {
          // What changes from here on is looked at again.
          this.isLooking = false
          await this.clock.set(await this.reported())
        }),
      ),
    )
    this.isLooking = false
  }

  /** @returns when to look again, in ms since the epoch; null: when something changes. */
  private async reported(): Promise<number | null> {
    const resolution = await loadSettings()
    const { settings } = resolution
    const target = await currentTarget(resolution, this.parts.userAgent)
    if (target === null) {
      await this.end()
      this.isOff = true
      return null
    }
    const outbox = await this.opened()
    const state = await this.parts.state()
    const name = JSON.stringify(target)
    if (this.lastTarget !== null && this.lastTarget !== name) {
      await outbox.settle([], { ...(await outbox.ledger()), sending: NEVER_SENT })
    }
    this.lastTarget = name
    const before = await outbox.told()
    const policyProblems = resolution.problems.filter(({ source }) => source === 'policy')
    const { told, drafts } = newsOf(before, state, policyProblems, Date.now())
    const agents = agentsOf(state, told.coverage)
    const isStart = !(await hasToldStart())
    const due = nextCoverage(told.coverage, agents, isStart, settings.coverageMinutes * 60_000, Date.now())
    const isDue = due.at <= Date.now()
    const coverage: Draft[] = []
    if (isDue) {
      const machine = { settings, policyProblems: policyProblems.length, ...(await machineNow(state, outbox)) }
      coverage.push(...coverageRecords(state, machine, due.cause, Date.now()))
    }
    const next: Told = isDue ? { ...told, coverage: { at: Date.now(), agents } } : told
    if (drafts.length > 0 || isDue || JSON.stringify(next) !== JSON.stringify(before)) {
      await this.add([...drafts, ...coverage], next, settings)
    }
    if (isStart) await noteStartTold()
    const sending = await this.exporter.run(target)
    await this.tellPages(outbox)
    const again = isDue ? Date.now() + settings.coverageMinutes * 60_000 : due.at
    return Math.min(again, sending ?? Infinity)
  }

  /** IndexedDB tells nobody of its changes. */
  private async tellPages(outbox: Outbox): Promise<void> {
    const shown = JSON.stringify([(await outbox.waiting()).count, await outbox.ledger()])
    if (shown === this.shown) return
    this.shown = shown
    await browser.storage.local.set({ [REVISION_KEY]: Date.now() })
  }

  private async add(drafts: readonly Draft[], told: Told | null, settings: Settings): Promise<void> {
    const id = await installationId()
    const now = Date.now()
    const records = await Promise.all(drafts.map((draft) => identified(draft, settings, id, now)))
    await (await this.opened()).add(records, told)
  }

  /** Nothing is asked for any more: nothing is kept. */
  private async end(): Promise<void> {
    if ((await readInstallation()) === null) return
    await (await this.opened()).clear()
    await forgetInstallation()
  }

  /** Opened anew where it could not be opened. */
  private opened(): Promise<Outbox> {
    this.outbox ??= openOutbox().catch((error: unknown) => {
      this.outbox = null
      throw error
    })
    return this.outbox
  }

  private inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.queue.then(task)
    this.queue = done.catch(() => {
      // A connection that the browser has closed is of no more use.
      this.outbox = null
    })
    return done
  }
}
