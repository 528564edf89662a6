import { FLEET_SCOPE } from './decide/brake'
import type { SweepParts } from './sweep'
import { recordOf, sentenceOf } from './record'

/** Where reports go: records to the log, notices to people. */
export interface Telling {
  readonly instance: string
  readonly log: (record: object) => void
  /** Rejects where the notice could not be sent. */
  readonly publish: (subject: string, text: string) => Promise<unknown>
}

/** How many agents a notice lists. SNS would take 256 kB, but people read less. */
const LISTED = 200

/** Returns the reporting functions of a sweep. A notice that cannot be sent is logged, and does not stop the sweep. */
export function tellBy({ instance, log, publish }: Telling): Pick<SweepParts, 'tellCase' | 'tellBrake'> {
  const notify = async (subject: string, text: string): Promise<void> => {
    try {
      await publish(subject, text)
    } catch (error) {
      log({ SeverityText: 'ERROR', Body: `A notice was not sent: ${String(error)}`, notice: text })
    }
  }
  return {
    tellCase: async (found, kind, now) => {
      log(recordOf(found, kind, instance, now))
      if (kind !== null) await notify(`Signoff: ${kind.replaceAll('_', ' ')}`, sentenceOf(found, kind))
    },
    tellBrake: async (scope, agents, now) => {
      const where = scope === FLEET_SCOPE ? 'all sites' : scope
      const listed = agents.slice(0, LISTED).map((agent) => agent.slice(2))
      const more = agents.length > LISTED ? ` and ${agents.length - LISTED} more` : ''
      const text =
        `${agents.length} agents fell silent at once (${where}). None of them is set Offline until you release the brake ` +
        `with the command {"command":"release","scope":"${scope}"}, or most of them send heartbeats again. ` +
        `Silent: ${listed.join(', ')}${more}`
      log({ Timestamp: now, SeverityText: 'ERROR', EventName: 'ccp_signoff.watchdog.brake', Body: text, scope })
      await notify('Signoff: storm brake', text)
    },
  }
}
