import type { FieldCheck, Finding, StopReason, Subject } from '../../domain/field-check/check'
import { begin, beginPart, dueOf, found, mayBegin, restoreTried, stepDone } from '../../domain/field-check/check'
import { configurationIn } from '../../domain/field-check/looks'
import type { Part } from '../../domain/field-check/steps'
import { browser } from '../../platform/browser'
import { CheckCalls, Stop } from './calls'
import { perform } from './perform'
import type { Memory, Outside, Performing } from './performing'
import { restoreAgent } from './restore-agent'

const ALARM = 'fieldCheck'
/** Browsers stop a background after 30 s without work. Calling an extension API counts as work. */
const BEAT_MS = 20_000

export interface RunnerParts {
  readonly load: () => Promise<FieldCheck | null>
  readonly save: (check: FieldCheck) => Promise<void>
  readonly forget: () => Promise<void>
  /** What the check needs from outside, for its agent. */
  readonly outsideOf: (subject: Subject) => Outside
  readonly now: () => number
  /** Resolves after `ms`, or when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
}

/**
 * Runs the field check. Each step is stored before the next one, so that another worker can continue, or restore the
 * agent's status. While anything is due, an alarm each minute starts the worker if it was stopped.
 */
export class FieldCheckRunner {
  #check: FieldCheck | null = null
  #driving: Promise<void> | null = null
  #abort = new AbortController()
  #stopReason: StopReason | null = null
  #loaded: Promise<void> | null = null

  constructor(private readonly parts: RunnerParts) {}

  /**
   * Adds the listener; must be called in the first tick of the worker.
   * @param runId resolves once the worker has started
   */
  listen(runId: () => Promise<string>): void {
    browser.alarms.onAlarm.addListener(({ name }) => {
      if (name === ALARM) void runId().then((id) => this.resume(id))
    })
  }

  /** Continues where another worker has stopped, or tries again to restore the status. */
  async resume(runId: string): Promise<void> {
    await this.#load()
    if (this.#driving !== null || this.#check === null || this.#check.status === 'resting') return
    await this.#set(found(this.#check, runId))
    this.#drive()
  }

  async current(): Promise<FieldCheck | null> {
    await this.#load()
    return this.#check
  }

  /** Begins a part; the read-only part begins a new check. @returns whether it could begin */
  async start(subject: Subject, part: Part, runId: string): Promise<boolean> {
    await this.#load()
    if (this.#driving !== null) return false
    const now = this.parts.now()
    const known = this.#check
    const isSame = known?.subject.username === subject.username && known.subject.instance === subject.instance
    if (known !== null && (known.status !== 'resting' || known.original !== null)) return false
    if (part === 'read') await this.#set(begin(subject, runId, now))
    else if (known === null || !isSame || !mayBegin(known, part)) return false
    else await this.#set(beginPart(known, part, subject.docId, runId, now))
    this.#drive()
    return true
  }

  /** Stops the running part. The agent's status is restored afterwards. */
  async stop(reason: StopReason): Promise<void> {
    await this.#load()
    if (this.#check?.status !== 'running') return
    this.#stopReason = reason
    this.#abort.abort()
  }

  /** Deletes the check and its findings, unless anything is still due. */
  async forget(): Promise<void> {
    await this.#load()
    if (this.#driving !== null || this.#check?.status !== 'resting' || this.#check.original !== null) return
    this.#check = null
    await this.parts.forget()
  }

  /** Resolves when the check has nothing to do at present. */
  async idle(): Promise<void> {
    await this.#driving
  }

  async #load(): Promise<void> {
    this.#loaded ??= this.parts.load().then((check) => void (this.#check = check))
    await this.#loaded
  }

  async #set(check: FieldCheck): Promise<void> {
    this.#check = check
    await this.parts.save(check)
  }

  #drive(): void {
    this.#abort = new AbortController()
    this.#stopReason = null
    this.#driving = this.#run().finally(() => {
      this.#driving = null
    })
  }

  async #run(): Promise<void> {
    const beat = setInterval(() => void browser.runtime.getPlatformInfo().catch(() => undefined), BEAT_MS)
    try {
      await browser.alarms.create(ALARM, { periodInMinutes: 1 })
      await this.#steps()
      if (this.#check?.status === 'resting') await browser.alarms.clear(ALARM)
    } finally {
      clearInterval(beat)
    }
  }

  async #steps(): Promise<void> {
    const memory: Memory = { states: null, routingProfileArn: null }
    let calls: CheckCalls | null = null
    for (;;) {
      const check = this.#check
      const due = check === null ? null : dueOf(check)
      if (check === null || due === null) return
      calls ??= this.#callsOf(check)
      const at = this.#performing(check, calls, memory)
      if (due.is === 'restore') {
        await this.#set(await this.#restored(at))
        continue
      }
      let finding: Finding
      try {
        if (this.#stopReason !== null) throw new Stop(this.#stopReason)
        if (due.at > this.parts.now()) await at.pause(due.at - this.parts.now())
        finding = await perform(due.step, at)
      } catch (error) {
        finding = { stop: error instanceof Stop ? error.reason : 'failed' }
      }
      const observed = { ...finding.observed, calls: calls.records }
      await this.#set(stepDone(check, { ...finding, observed }, this.parts.now()))
    }
  }

  /** Makes an attempt to restore the status. An attempt during a contact does not count. */
  async #restored(at: Performing): Promise<FieldCheck> {
    const ended = await restoreAgent({ ...at, pause: (ms) => this.parts.pause(ms, new AbortController().signal) })
    const noted = { ...at.check, observed: { ...at.check.observed, calls: at.calls.records } }
    return ended === 'contact' ? noted : restoreTried(noted, ended === 'shown')
  }

  #callsOf({ subject, startedAt, observed }: FieldCheck): CheckCalls {
    const outside = this.parts.outsideOf(subject)
    const parts = {
      caller: outside.caller,
      checkWho: (body: Readonly<Record<string, unknown>>) => {
        if (configurationIn(body).username !== subject.username) throw new Stop('other_agent')
      },
      startedAt,
      now: this.parts.now,
      pause: (ms: number) => this.#pause(ms),
    }
    return new CheckCalls(parts, observed.calls)
  }

  #performing(check: FieldCheck, calls: CheckCalls, memory: Memory): Performing {
    const outside = this.parts.outsideOf(check.subject)
    return { check, calls, outside, memory, now: this.parts.now, pause: (ms) => this.#pause(ms) }
  }

  /** Waits. Throws `Stop` as soon as the check is to end, unless the status is being restored. */
  async #pause(ms: number): Promise<void> {
    if (this.#check?.status === 'restoring') {
      await this.parts.pause(ms, new AbortController().signal)
      return
    }
    await this.parts.pause(ms, this.#abort.signal)
    if (this.#stopReason !== null) throw new Stop(this.#stopReason)
  }
}
