/**
 * Reads an instance's answers for what they show about the instance itself: kinds, presence and times, nothing about
 * people. All answers are unchecked input.
 */
import { ANSWER_FIELDS } from './public-names'

type Bag = Readonly<Record<string, unknown>>

/** The state's type if agents can choose states of that type; otherwise `other`. */
export type LookKind = 'routable' | 'not_routable' | 'offline' | 'other'

/** One look at the agent: a snapshot without names, ids and ARNs. Times are the service's, in ms since the epoch. */
export interface Look {
  readonly kind: LookKind
  readonly hasArn: boolean
  readonly snapshotAt: number | null
  readonly startAt: number | null
  /** Whether the snapshot also shows the state that the agent has chosen, and when that began. */
  readonly tellsChoice: boolean
  readonly chosenAt: number | null
  readonly contacts: number
}

/** The form of answers. */
export interface AnswerForm {
  /** Whether a field that Streams knows was null. */
  readonly hasNulls: boolean
  /** Names of fields that no public Streams knows. */
  readonly unknownFields: readonly string[]
}

const bag = (value: unknown): Bag =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : {}
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Converts a time from AWS JSON, in seconds or as ISO 8601 text, to ms since the epoch. */
function wireTime(value: unknown): number | null {
  const ms = typeof value === 'number' ? value * 1_000 : typeof value === 'string' ? Date.parse(value) : NaN
  return Number.isFinite(ms) ? ms : null
}

const KINDS: readonly LookKind[] = ['routable', 'not_routable', 'offline']

/** Reads the answer to a snapshot request; null where it shows no state. */
export function lookAt(body: unknown): Look | null {
  const snapshot = bag(bag(body)['snapshot'])
  const state = bag(snapshot['state'])
  const { type } = state
  if (typeof type !== 'string') return null
  const availability = bag(snapshot['agentAvailabilityState'])
  return {
    kind: KINDS.find((kind) => kind === type.toLowerCase()) ?? 'other',
    hasArn: typeof state['agentStateARN'] === 'string',
    snapshotAt: wireTime(snapshot['snapshotTimestamp']),
    startAt: wireTime(state['startTimestamp']),
    tellsChoice: typeof availability['state'] === 'string',
    chosenAt: wireTime(availability['timeStamp']),
    contacts: list(snapshot['contacts']).length,
  }
}

/** A state from the agent's list, to set or to restore. Never part of a file. */
export interface ChosenState {
  readonly name: string
  readonly type: string
  readonly arn: string | null
}

const stateOf = (value: unknown): ChosenState | null => {
  const { name, type, agentStateARN: arn } = bag(value)
  if (typeof name !== 'string' || typeof type !== 'string') return null
  return { name, type: type.toLowerCase(), arn: typeof arn === 'string' ? arn : null }
}

/** The states that the agent can choose. */
export function listedStates(body: unknown): ChosenState[] {
  return list(bag(body)['states'])
    .map(stateOf)
    .filter((state) => state !== null)
}

/** Whether the list of states contains start times; null where the list is empty. */
export function listedStart(body: unknown): 'null' | 'set' | null {
  const states = list(bag(body)['states']).map(bag)
  if (states.length === 0) return null
  return states.some(({ startTimestamp }) => startTimestamp !== null && startTimestamp !== undefined) ? 'set' : 'null'
}

/** The state that the agent has chosen, from the agent's list, which has its ARN; null where the list lacks it. */
export function chosenIn(body: unknown, states: readonly ChosenState[]): ChosenState | null {
  const snapshot = bag(bag(body)['snapshot'])
  const { state: chosen } = bag(snapshot['agentAvailabilityState'])
  const shown = stateOf(snapshot['state'])
  const name = typeof chosen === 'string' ? chosen : shown?.name
  return (
    states.find((one) => one.arn !== null && one.arn === shown?.arn) ?? states.find((one) => one.name === name) ?? null
  )
}

/** Whose configuration an answer is, and the routing profile's ARN, which the request for its queues needs. */
export function configurationIn(body: unknown): { username: string | null; routingProfileArn: string | null } {
  const configuration = bag(bag(body)['configuration'])
  const { username } = configuration
  const { routingProfileARN: arn } = bag(configuration['routingProfile'])
  return {
    username: typeof username === 'string' ? username : null,
    routingProfileArn: typeof arn === 'string' ? arn : null,
  }
}

/** The ARN of an agent's personal queue, which does not come from the routing profile. */
const OWN_QUEUE = /[:/]queue\/agent\//

/** The number of queues in the routing profile. Any of them can bring a contact. */
export function inboundQueues(body: unknown): number {
  return list(bag(body)['queues']).filter((queue) => {
    const { queueARN: arn } = bag(queue)
    return typeof arn !== 'string' || !OWN_QUEUE.test(arn)
  }).length
}

/** The form in which a token's expiry is given. */
export function expirationForm(value: unknown): 'number' | 'iso' | 'missing' {
  if (typeof value === 'number') return 'number'
  return typeof value === 'string' && value !== '' && !Number.isNaN(Date.parse(value)) ? 'iso' : 'missing'
}

/** The token with which the next long poll begins; null where the answer has no token. */
export function nextTokenIn(body: unknown): string | null {
  const { nextToken } = bag(body)
  return typeof nextToken === 'string' && nextToken !== '' ? nextToken : null
}

/** Fields whose keys are data, not names of fields. */
const MAPS = new Set(['attributes', 'agentPreferences', 'channelConcurrencyMap', 'references', 'segmentAttributes'])
const FIELD_NAME = /^[A-Za-z_][\w-]{0,39}$/
const MAX_UNKNOWN = 40

/** The form of one answer. */
export function formOf(body: unknown): AnswerForm {
  let hasNulls = false
  const unknown = new Set<string>()
  const walk = (value: unknown): void => {
    for (const item of list(value)) walk(item)
    for (const [name, inner] of Object.entries(bag(value))) {
      if (!ANSWER_FIELDS.has(name)) {
        if (unknown.size < MAX_UNKNOWN) unknown.add(FIELD_NAME.test(name) ? name : '[other]')
        continue
      }
      if (inner === null) hasNulls = true
      if (!MAPS.has(name)) walk(inner)
    }
  }
  walk(body)
  return { hasNulls, unknownFields: [...unknown].sort() }
}

/** Combines the forms of two answers. */
export function addForms(a: AnswerForm, b: AnswerForm): AnswerForm {
  const unknownFields = [...new Set([...a.unknownFields, ...b.unknownFields])].sort().slice(0, MAX_UNKNOWN)
  return { hasNulls: a.hasNulls || b.hasNulls, unknownFields }
}
