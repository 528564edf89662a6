import { verdictOn } from '../../domain/fleet/answer'
import type { HttpAnswer, Verdict } from '../../domain/fleet/answer'
import type { FleetRecord } from '../../domain/fleet/record'
import { afterFailure, afterSuccess, BATCH_RECORDS, nextSending } from '../../domain/fleet/send-schedule'
import type { Ledger, SendingProblem } from '../../domain/fleet/sending-status'
import type { OtlpRequest } from '../../protocol/otlp'
import { otlpRequest } from '../../protocol/otlp'
import type { Outbox } from '../../storage/outbox-store'
import type { Target } from './target'

/** What the exporter needs from the background. */
export interface ExporterParts {
  readonly outbox: () => Promise<Outbox>
  readonly post: (target: Target, request: OtlpRequest) => Promise<HttpAnswer>
  readonly now: () => number
  /** From 0 to 1, random. */
  readonly jitter: () => number
}

/** What is known before an attempt. */
interface Before {
  readonly ledger: Ledger
  /** When the records were taken from the outbox, in ms since the epoch. */
  readonly startedAt: number
}

/** The result of one attempt. */
interface Attempt {
  readonly ledger: Ledger
  /** The records that are not to be sent again. */
  readonly done: readonly FleetRecord[]
  /** How many to send the next time; null: none for now. */
  readonly next: number | null
}

/**
 * Sends what waits in the outbox. A batch is removed when the collector has answered for it, so that it is sent again, under the
 * same ids, if anything dies in between.
 */
export class Exporter {
  constructor(private readonly parts: ExporterParts) {}

  /**
   * Sends what is due. Calls must not overlap. Throws where the browser's storage is full or broken.
   * @returns when to call again, in ms since the epoch; null: when a record has been added.
   */
  async run(target: Target): Promise<number | null> {
    const outbox = await this.parts.outbox()
    await outbox.prune(this.parts.now())
    let size: number | null = BATCH_RECORDS
    let isSending = false
    while (size !== null) {
      const ledger = await outbox.ledger()
      const at = nextSending(await outbox.waiting(), ledger.sending, this.parts.now())
      // The rest of a batch that was due follows it, urgent or not.
      if (at === null || (at > this.parts.now() && !isSending)) return at
      const startedAt = this.parts.now()
      const records = await outbox.next(size)
      const attempt: Attempt = await this.attempt(target, records, { ledger, startedAt })
      await outbox.settle(
        attempt.done.map(({ id }) => id),
        attempt.ledger,
      )
      isSending = attempt.next !== null
      size = attempt.next
    }
    return nextSending(await outbox.waiting(), (await outbox.ledger()).sending, this.parts.now())
  }

  private async attempt(target: Target, records: readonly FleetRecord[], before: Before): Promise<Attempt> {
    const request = otlpRequest(target.protocol, target.resource, target.version, records)
    let answer: HttpAnswer
    try {
      answer = await this.parts.post(target, request)
    } catch (error) {
      return this.failed(before, 'no_answer', null, error instanceof Error ? error.message : String(error), null)
    }
    return this.answered(records, before, answer, verdictOn(answer, this.parts.now()))
  }

  private answered(records: readonly FleetRecord[], before: Before, { status }: HttpAnswer, verdict: Verdict): Attempt {
    const { ledger } = before
    const now = this.parts.now()
    switch (verdict.kind) {
      case 'taken': {
        const rejected = Math.min(verdict.rejected, records.length)
        const taken = {
          sending: afterSuccess(now),
          problem: rejected > 0 ? { problem: 'partial' as const, status, message: verdict.message, at: now } : null,
          takenAt: now,
          taken: ledger.taken + records.length - rejected,
          dropped: ledger.dropped,
          rejected: ledger.rejected + rejected,
        }
        return { ledger: taken, done: records, next: BATCH_RECORDS }
      }
      case 'again':
        return this.failed(before, 'busy', status, null, verdict.retryAfterMs)
      case 'refused':
        return this.failed(before, 'refused', status, null, null)
      case 'unreadable': {
        // One of the records may be unreadable for the collector: half of them may pass.
        if (records.length > 1) return { ledger, done: [], next: Math.ceil(records.length / 2) }
        // A collector that has never taken anything proves nothing about a record: the address is wrong.
        if (ledger.takenAt === null) return this.failed(before, 'refused', status, null, null)
        // One at a time, with a pause: should the collector suddenly refuse all, little is lost before somebody looks.
        const { ledger: failed } = this.failed(before, 'unreadable', status, null, null)
        return { ledger: { ...failed, rejected: failed.rejected + 1 }, done: records, next: null }
      }
    }
  }

  private failed(
    { ledger, startedAt }: Before,
    problem: SendingProblem,
    status: number | null,
    message: string | null,
    retryAfterMs: number | null,
  ): Attempt {
    const now = this.parts.now()
    const sending = afterFailure(ledger.sending, { now, startedAt, jitter: this.parts.jitter(), retryAfterMs })
    return { ledger: { ...ledger, sending, problem: { problem, status, message, at: now } }, done: [], next: null }
  }
}
