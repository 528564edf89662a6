/** A record for the organization's collector, before it is encoded. The attributes are listed in docs/fleet.md. */
import type { AgentFacts } from '../agent'

export type FleetEvent =
  /** A close, or what else the log has an entry of. */
  | 'ccp_signoff.close'
  /** What became known of a close after its entry. */
  | 'ccp_signoff.close.amended'
  | 'ccp_signoff.flag.raised'
  | 'ccp_signoff.flag.cleared'
  /** A CCP that is to set an agent Offline whom nothing else could: offered, opened, over. */
  | 'ccp_signoff.recovery'
  | 'ccp_signoff.policy.problem'
  | 'ccp_signoff.coverage'
  | 'ccp_signoff.test'

export type Severity = 'INFO' | 'WARN' | 'ERROR'
export type AttributeValue = string | number | boolean
export type Attributes = Readonly<Record<string, AttributeValue>>

/** Whom a record is about; what is told of them, the settings say. */
export type About = Pick<AgentFacts, 'username'> & { readonly instance: string }

/** What happened, in the words of the record: nothing in it names the agent yet. */
export interface Draft {
  /** `log.record.uid`: the same each time that the same is told, so that a collector can know a record again. */
  readonly id: string
  /** When it happened, in ms since the epoch. */
  readonly at: number
  readonly event: FleetEvent
  readonly severity: Severity
  /** For people, in English: they read those of all machines. */
  readonly body: string
  readonly attributes: Attributes
  readonly about: About | null
  /** Somebody may be left Available: it does not wait for the next batch. */
  readonly isUrgent: boolean
}

/** A record as it waits to be sent. */
export interface FleetRecord extends Omit<Draft, 'about'> {
  /** When it was noted, in ms since the epoch. */
  readonly observedAt: number
}

/**
 * Whose a record is, for a share for each: its instance and its agent, as far as the record itself names them. What names
 * neither has a share of its own.
 */
export function ownerOf({ attributes }: Pick<FleetRecord, 'attributes'>): { instance: string; agent: string } {
  const agent = attributes['user.name'] ?? attributes['user.hash']
  return { instance: String(attributes['server.address'] ?? ''), agent: String(agent ?? '') }
}

/** Longer texts are cut: an error's message may be anything. */
const MAX_TEXT = 1_024

/** Attributes without those that say nothing. */
export function attributesOf(values: Readonly<Record<string, AttributeValue | null | undefined>>): Attributes {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === null || value === undefined || value === '' ? [] : [[key, cut(value)] as const],
    ),
  )
}

const cut = (value: AttributeValue): AttributeValue =>
  typeof value === 'string' && value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value

/** A whole number each time: what is an integer in one record and a double in the next has two types in many stores. */
export const wholeOf = (ms: number | null): number | null => (ms === null ? null : Math.round(ms))
