import type { HeartbeatAnswer, Heartbeat } from '../../src/protocol/heartbeat'
import { RETRY_MS } from '../../src/protocol/heartbeat'
import type { VirtualTime } from './virtual-time'

/** Sends a heartbeat to the watchdog. Rejects where the heartbeat or its answer was lost. */
export type Wire = (heartbeat: Heartbeat, from: SimulatedMachine) => Promise<HeartbeatAnswer>

/** Sends heartbeats like a machine with one agent's CCP. */
export class SimulatedMachine {
  isOn = false
  isAvailable = false
  stateSince = 0
  /** The ids of the watchdog's acts that answers have reported. */
  readonly told = new Set<string>()
  private seq = 0
  private run = 0

  constructor(
    private readonly time: VirtualTime,
    private readonly wire: Wire,
    readonly agent: string,
    readonly site: string,
    private readonly intervalMs: number,
    /** The error of the machine's clock, in ms. */
    private readonly clockOff: number,
    private readonly random: () => number,
  ) {}

  /** A CCP is opened, or the agent's state changes: sends a heartbeat at once, and another after each interval. */
  change(isAvailable: boolean): void {
    this.isOn = true
    this.isAvailable = isAvailable
    this.stateSince = this.time.now()
    this.run += 1
    this.beat(this.run, this.time.now())
  }

  /** The CCP is closed regularly: sends a last heartbeat, with no CCP open. */
  close(): void {
    if (!this.isOn) return
    this.isOn = false
    this.isAvailable = false
    this.run += 1
    this.time.after(0, () => this.send(this.heartbeat(), 0))
  }

  /** The browser is killed, the power fails or the lid is shut: no more heartbeats. */
  kill(): void {
    this.isOn = false
    this.run += 1
  }

  private beat(run: number, at: number): void {
    this.time.at(at, () => {
      if (run !== this.run) return undefined
      // Browsers' alarms may be late.
      this.beat(run, at + this.intervalMs + this.random() * 1_000)
      return this.send(this.heartbeat(), run)
    })
  }

  private async send(heartbeat: Heartbeat, run: number): Promise<void> {
    try {
      const { act } = await this.wire(heartbeat, this)
      if (act !== null && this.isOn) this.told.add(act.id)
    } catch {
      // One more attempt, unless a newer heartbeat has replaced this one.
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
