import type { Journal } from '../../test/instance/journal'
import type { Record } from './truth'

/**
 * What the instance's journal has of the time since a close: what came after it, and the answers to what a page had asked before,
 * as the poll that waits for a change.
 * @param mark of the journal at the close.
 * @param closedAt in ms since the epoch.
 */
export function recordSince(
  { states, requests }: Pick<Journal, 'states' | 'requests'>,
  mark: number,
  closedAt: number,
): Record {
  return {
    states: states
      .filter(({ seq }) => seq > mark)
      .map(({ alias, agent, to, at }) => ({ alias, agent, type: to.type, at })),
    requests: requests
      .filter(({ seq, answeredAt }) => seq > mark || (answeredAt !== undefined && answeredAt >= closedAt))
      .map(({ operation, alias, agent, details, status, answeredAt }) => ({
        operation,
        alias,
        agent,
        origin: details.origin,
        status,
        answeredAt,
      })),
  }
}
