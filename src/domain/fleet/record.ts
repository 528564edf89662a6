/** A record for the organization's collector, before it is encoded. The attributes are listed in docs/fleet.md. */
import type { AgentFacts } from '../agent'

export type FleetEvent =
  /** A close, or another entry of the log. */
  | 'ccp_signoff.close'
  /** What became known of a close after its entry. */
  | 'ccp_signoff.close.amended'
  | 'ccp_signoff.flag.raised'
  | 'ccp_signoff.flag.cleared'
  /** A recovery CCP, which sets an agent Offline where nothing else could: offered, opened, over. */
  | 'ccp_signoff.recovery'
  | 'ccp_signoff.policy.problem'
  | 'ccp_signoff.coverage'
  | 'ccp_signoff.test'

export type Severity = 'INFO' | 'WARN' | 'ERROR'
export type AttributeValue = string | number | boolean
export type Attributes = Readonly<Record<string, AttributeValue>>

/** Whom a record is about; the settings decide what it says of them. */
export type About = Pick<AgentFacts, 'username'> & { readonly instance: string }

/** What happened, as the record's content: nothing in it names the agent yet. */
export interface Draft {
  /** `log.record.uid`: the same each time that the record is sent, so that a collector can recognize a repetition. */
  readonly id: string
  /** When it happened, in ms since the epoch. */
  readonly at: number
  readonly event: FleetEvent
  readonly severity: Severity
  /** For people, in English: they read those of all machines. */
  readonly body: string
  readonly attributes: Attributes
  readonly about: About | null
  /** An agent may be left Available: the record does not wait for the next batch. */
  readonly isUrgent: boolean
}

/** A record as it waits to be sent. */
export interface FleetRecord extends Omit<Draft, 'about'> {
  /** When it was noted, in ms since the epoch. */
  readonly observedAt: number
}

/**
 * The owner of a record, for the owner's share: its instance and its agent, as far as the record itself names them. Records that
 * name neither share one share.
 */
export function ownerOf({ attributes }: Pick<FleetRecord, 'attributes'>): { instance: string; agent: string } {
  const agent = attributes['user.name'] ?? attributes['user.hash']
  return { instance: String(attributes['server.address'] ?? ''), agent: String(agent ?? '') }
}

/** Longer texts are cut: the message of an error may be of any length. */
const MAX_TEXT = 1_024

/** Attributes without those that have no value. */
export function attributesOf(values: Readonly<Record<string, AttributeValue | null | undefined>>): Attributes {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === null || value === undefined || value === '' ? [] : [[key, cut(value)] as const],
    ),
  )
}

const cut = (value: AttributeValue): AttributeValue =>
  typeof value === 'string' && value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value

/** Always a whole number: an attribute that is an integer in one record and a double in the next has two types in many stores. */
export const wholeOf = (ms: number | null): number | null => (ms === null ? null : Math.round(ms))
