import type { HeartbeatAnswer, Heartbeat } from '../../src/protocol/heartbeat'
import { RETRY_MS } from '../../src/protocol/heartbeat'
import type { VirtualTime } from './virtual-time'

/** Carries a heartbeat to the watchdog. Rejects where it did not get there, or its answer did not get back. */
export type Wire = (heartbeat: Heartbeat, from: SimulatedMachine) => Promise<HeartbeatAnswer>

/** A machine with one agent's CCP, as far as heartbeats go. */
export class SimulatedMachine {
  isOn = false
  isAvailable = false
  stateSince = 0
  /** Acts of which it was told. */
  readonly told = new Set<string>()
  private seq = 0
  private run = 0

  constructor(
    private readonly time: VirtualTime,
    private readonly wire: Wire,
    readonly agent: string,
    readonly site: string,
    private readonly intervalMs: number,
    /** How far its clock is off, in ms. */
    private readonly clockOff: number,
    private readonly random: () => number,
  ) {}

  /** A CCP is opened, or the agent's state is another: a heartbeat goes out at once, and one each interval from then on. */
  change(isAvailable: boolean): void {
    this.isOn = true
    this.isAvailable = isAvailable
    this.stateSince = this.time.now()
    this.run += 1
    this.beat(this.run, this.time.now())
  }

  /** The CCP is closed as it should be. */
  close(): void {
    if (!this.isOn) return
    this.isOn = false
    this.isAvailable = false
    this.run += 1
    this.time.after(0, () => this.send(this.heartbeat(), 0))
  }

  /** Killed, without power, the lid shut: it says no more. */
  kill(): void {
    this.isOn = false
    this.run += 1
  }

  private beat(run: number, at: number): void {
    this.time.at(at, () => {
      if (run !== this.run) return undefined
      // Alarms of browsers come late.
      this.beat(run, at + this.intervalMs + this.random() * 1_000)
      return this.send(this.heartbeat(), run)
    })
  }

  private async send(heartbeat: Heartbeat, run: number): Promise<void> {
    try {
      const { act } = await this.wire(heartbeat, this)
      if (act !== null && this.isOn) this.told.add(act.id)
    } catch {
      // Once more, if nothing newer was to be said since.
      this.time.after(RETRY_MS, () => {
        if (heartbeat.seq !== this.seq || (run !== 0 && run !== this.run)) return undefined
        return this.wire(heartbeat, this).catch(() => undefined)
      })
    }
  }

  private heartbeat(): Heartbeat {
    this.seq += 1
    return {
      version: 1,
      machine: `machine of ${this.agent}`,
      seq: this.seq,
      instance: 'acme.my.connect.aws',
      agent: this.agent,
      intervalMs: this.intervalMs,
      isAvailable: this.isAvailable,
      state: { name: this.isAvailable ? 'Available' : 'Lunch', since: Math.round(this.stateSince + this.clockOff) },
      ccps: this.isOn ? 1 : 0,
      flag: null,
      isObserved: false,
      site: this.site,
    }
  }
}
