import type { Journal } from '../../test/instance/journal'
import type { Record } from './truth'

/**
 * The states and requests in the instance's journal since a close, including earlier requests that were answered after
 * it, such as a long poll.
 * @param mark the journal's mark at the close
 * @param closedAt in ms since the epoch
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
