/** The requests that closes have sent, and that may arrive after their agent has returned. */
import { instanceKey } from '../agent'
import type { CcpDocument } from './ccp-document'
import { dutiesOf } from './close'
import type { DutyKind } from './duties'
import type { GuardedClose } from './guarded-close'
import { LATE_REQUEST_MS } from './guarded-close'
import { wasSetBack } from '../clock'
import type { CloseState } from './state'

/** When the latest close of an agent has sent its last request, which may arrive after the agent has returned. */
export interface LateRequests {
  readonly kind: 'late_requests'
  /** When the close began. */
  readonly startedAt: number
  readonly lastAt: number
  /** How many it may have sent: as many Offlines may arrive. */
  readonly count: number
}

export const LATE_REQUESTS: DutyKind<LateRequests> = {
  most: 200,
  isOneAnAgent: true,
  isOver: ({ lastAt }, now) => now >= lastAt + LATE_REQUEST_MS,
  // A time farther ahead than any attempt was noted before the clock was set back. Nobody knows how long ago: its half minute
  // begins again.
  asOf: (duty, now) => (duty.lastAt <= now + 2 * LATE_REQUEST_MS ? duty : { ...duty, lastAt: now }),
}

/** The closes that a document is guarded against: those that had begun when it was opened. */
export function guardedClosesOf(
  state: CloseState,
  { instance, openedAt }: Pick<CcpDocument, 'instance' | 'openedAt'>,
  now: number,
): GuardedClose[] {
  return dutiesOf(state, 'late_requests')
    .filter(({ close, duty: { startedAt, lastAt } }) => {
      const isHere = instanceKey(close.instance) === instanceKey(instance)
      return isHere && hadBegun(startedAt, openedAt, now) && now < lastAt + LATE_REQUEST_MS
    })
    .map(({ close, duty: { lastAt, count } }) => {
      return { closeId: close.id, username: close.username, count, until: lastAt + LATE_REQUEST_MS }
    })
}

/** Whether a close had begun when a document was opened: by the earlier clock too, where the clock was set back since. */
function hadBegun(startedAt: number, openedAt: number, now: number): boolean {
  return startedAt <= openedAt || (openedAt <= now && wasSetBack(startedAt, now))
}
