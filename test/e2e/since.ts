import type { LogEntry } from '../../src/domain/log-entry'
import type { RequestEntry, StateEntry } from '../instance/instance'
import type { CloseEnd, CloseEndOptions } from './close-end'
import { closeEnd } from './close-end'
import type { Stage } from './stage'

/** How long Offline may take: a tenth of a second on an idle machine, much more on a busy one in CI. */
const PATIENCE_MS = 30_000

const inShort = ({ outcome, reason, error, cause, event, timeline }: LogEntry): object => {
  return {
    outcome,
    reason,
    error,
    cause,
    event,
    timeline: timeline.map(({ at, event: is, detail = '' }) => `${at} ${is} ${detail}`),
  }
}

/** What the extension's log and the instance have recorded since a moment of a story. */
export class Since {
  private constructor(
    private readonly stage: Stage,
    /** The log at that moment. */
    readonly before: readonly LogEntry[],
    /** The position of that moment in the instance's journal. */
    readonly mark: number,
  ) {}

  static async now(stage: Stage): Promise<Since> {
    const before = await stage.log()
    return new Since(stage, before, stage.instance.journal.mark())
  }

  /** The new log entries, once there are this many. */
  entries(count = 1): Promise<LogEntry[]> {
    return this.stage.newEntries(this.before, count)
  }

  /** The new log entry, once there is one; fails if there are more. */
  async entry(): Promise<LogEntry> {
    const [first, ...others] = await this.entries()
    expect(others).toEqual([])
    if (first === undefined) throw new Error('No entry')
    return first
  }

  /** Waits for the end of a close since that moment. */
  closeEnd(options?: CloseEndOptions): Promise<CloseEnd> {
    return closeEnd(this.stage, this.before, options)
  }

  /** Waits until a request has set the agent Offline. */
  offline(agent = 'alice'): Promise<StateEntry> {
    return this.stateSet(agent, 'offline')
  }

  /** Waits until a request has set the agent Available. */
  routable(agent = 'alice'): Promise<StateEntry> {
    return this.stateSet(agent, 'routable')
  }

  /** The changes of agents' states. */
  changes(): StateEntry[] {
    return this.stage.instance.journal.states.filter(({ seq }) => seq > this.mark)
  }

  /** The requests for an operation of the API, answered or not. */
  requests(operation: string): RequestEntry[] {
    return this.stage.instance.journal.requests.filter((each) => each.operation === operation && each.seq > this.mark)
  }

  private async stateSet(agent: string, type: 'offline' | 'routable'): Promise<StateEntry> {
    const { journal } = this.stage.instance
    try {
      return await journal.waitForState({ agent, type, by: 'api' }, { after: this.mark, timeoutMs: PATIENCE_MS })
    } catch (error) {
      const entries = (await this.stage.log()).slice(this.before.length)
      throw new Error(`${String(error)}\nThe log says: ${JSON.stringify(entries.map(inShort), null, 1)}`, {
        cause: error,
      })
    }
  }
}
