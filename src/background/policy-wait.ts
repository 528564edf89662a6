import { policyDeadline, readPolicy } from '../storage/policy-store'
import { AlarmClock } from './alarm-clock'

/** Ends the wait for a policy that does not come, which no event would report. */
export class PolicyWait {
  private readonly clock = new AlarmClock(() => this.begin(), 'policy')

  /** On the first tick of the worker. */
  listen(): void {
    this.clock.listen()
  }

  /** Reads the policy. At the deadline that stores which policy is in force from then on, which changes the settings. */
  async begin(): Promise<void> {
    const { state } = await readPolicy()
    await this.clock.set(state === 'waiting' || state === 'kept' ? await policyDeadline() : null)
  }
}
