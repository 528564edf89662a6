import type { CcpEvent } from '../domain/closes/events'
import type { CloseState } from '../domain/closes/state'
import type { Amendment, LogEntry } from '../domain/log-entry'
import { Fleet } from './fleet/fleet'
import { writeLog } from './log-writer'
import type { Problems } from './problems'
import { WatchdogActs } from './watchdog/act-log'
import { Heartbeats } from './watchdog/heartbeats'

export interface ReportingParts {
  readonly state: () => Promise<CloseState>
  readonly dispatch: (event: CcpEvent) => Promise<unknown>
  /** Resolves once this run of the browser has its id. */
  readonly started: () => Promise<string>
  readonly problems: Problems
}

/** What leaves this machine, where policy says so: records for the collector, and heartbeats for the watchdog. */
export class Reporting {
  readonly fleet: Fleet
  readonly heartbeats: Heartbeats
  private readonly acts: WatchdogActs

  constructor(private readonly parts: ReportingParts) {
    const { state, dispatch, started, problems } = parts
    this.fleet = new Fleet({ state, started, userAgent: navigator.userAgent, problems })
    this.acts = new WatchdogActs({ state, dispatch, amend: (amendment) => this.log([], [amendment]) })
    this.heartbeats = new Heartbeats({ state, started, acts: this.acts, problems })
  }

  /** Call it while the worker starts: the browser does not wake it for listeners that are added later. */
  listen(): void {
    this.fleet.listen()
    this.acts.listen()
    this.heartbeats.listen()
  }

  /**
   * Writes to the log, and notes the same for the collector. Throws where nothing can be written: the same is tried again then.
   */
  async log(entries: readonly LogEntry[], amendments: readonly Amendment[]): Promise<void> {
    await writeLog(entries, amendments, () => this.parts.problems.report('problem_stateDamaged'))
    await this.fleet.reportLog(entries, amendments)
  }

  settingsChanged(): void {
    this.fleet.settingsChanged()
    this.heartbeats.settingsChanged()
  }

  /** Call it after each change of the state. */
  follow(): void {
    this.fleet.follow()
    this.heartbeats.follow()
  }
}
