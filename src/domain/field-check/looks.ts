/**
 * What the answers of an instance say of the instance, and nothing of the people: kinds, presence and times. All of them are
 * unchecked input.
 */
import { ANSWER_FIELDS } from './public-names'

type Bag = Readonly<Record<string, unknown>>

/** The state's own type where it is one that an agent can choose. */
export type LookKind = 'routable' | 'not_routable' | 'offline' | 'other'

/** One look at the agent: a snapshot without names, ids and ARNs. Times are the service's, in ms since the epoch. */
export interface Look {
  readonly kind: LookKind
  readonly hasArn: boolean
  readonly snapshotAt: number | null
  readonly startAt: number | null
  /** Whether the agent's own choice is told beside the state, and since when it holds. */
  readonly tellsChoice: boolean
  readonly chosenAt: number | null
  readonly contacts: number
}

/** How answers are written. */
export interface AnswerForm {
  /** Whether a field that Streams knows was null. */
  readonly hasNulls: boolean
  /** Names of fields that no public Streams knows. */
  readonly unknownFields: readonly string[]
}

const bag = (value: unknown): Bag =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : {}
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** AWS JSON has times in seconds, or as ISO text. */
function wireTime(value: unknown): number | null {
  const ms = typeof value === 'number' ? value * 1_000 : typeof value === 'string' ? Date.parse(value) : NaN
  return Number.isFinite(ms) ? ms : null
}

const KINDS: readonly LookKind[] = ['routable', 'not_routable', 'offline']

/** Reads the answer of a snapshot; null where it shows no state. */
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

/** A state of the agent's own list, or the one that they have: to be set, or to be restored. Never part of a file. */
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

/** Whether the list of states tells when the current one began; null where the list is empty. */
export function listedStart(body: unknown): 'null' | 'set' | null {
  const states = list(bag(body)['states']).map(bag)
  if (states.length === 0) return null
  return states.some(({ startTimestamp }) => startTimestamp !== null && startTimestamp !== undefined) ? 'set' : 'null'
}

/** The state that a snapshot shows, found in the agent's own list, which has its ARN; null where it is not in there. */
export function chosenIn(body: unknown, states: readonly ChosenState[]): ChosenState | null {
  const snapshot = bag(bag(body)['snapshot'])
  const { state: chosen } = bag(snapshot['agentAvailabilityState'])
  const shown = stateOf(snapshot['state'])
  const name = typeof chosen === 'string' ? chosen : shown?.name
  return (
    states.find((one) => one.arn !== null && one.arn === shown?.arn) ?? states.find((one) => one.name === name) ?? null
  )
}

/** Whose configuration it is, and the routing profile's ARN, which a question about its queues needs. */
export function configurationIn(body: unknown): { username: string | null; routingProfileArn: string | null } {
  const configuration = bag(bag(body)['configuration'])
  const { username } = configuration
  const { routingProfileARN: arn } = bag(configuration['routingProfile'])
  return {
    username: typeof username === 'string' ? username : null,
    routingProfileArn: typeof arn === 'string' ? arn : null,
  }
}

/** Each agent has a queue of their own, which no routing profile gives them. */
const OWN_QUEUE = /[:/]queue\/agent\//

/** How many queues the routing profile gives the agent: any of them can bring a contact. */
export function inboundQueues(body: unknown): number {
  return list(bag(body)['queues']).filter((queue) => {
    const { queueARN: arn } = bag(queue)
    return typeof arn !== 'string' || !OWN_QUEUE.test(arn)
  }).length
}

/** How the token's end is told. */
export function expirationForm(value: unknown): 'number' | 'iso' | 'missing' {
  if (typeof value === 'number') return 'number'
  return typeof value === 'string' && value !== '' && !Number.isNaN(Date.parse(value)) ? 'iso' : 'missing'
}

/** What opens the next long poll. */
export function nextTokenIn(body: unknown): string | null {
  const { nextToken } = bag(body)
  return typeof nextToken === 'string' && nextToken !== '' ? nextToken : null
}

/** The keys of these are data, not fields. */
const MAPS = new Set(['attributes', 'agentPreferences', 'channelConcurrencyMap', 'references', 'segmentAttributes'])
const FIELD_NAME = /^[A-Za-z_][\w-]{0,39}$/
const MAX_UNKNOWN = 40

/** How an answer is written. */
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

/** Both forms together. */
export function addForms(a: AnswerForm, b: AnswerForm): AnswerForm {
  const unknownFields = [...new Set([...a.unknownFields, ...b.unknownFields])].sort().slice(0, MAX_UNKNOWN)
  return { hasNulls: a.hasNulls || b.hasNulls, unknownFields }
}
