/** The recorded snapshots, each by its name, and the agent as Streams and the instance show them with one. */
import type { AgentFacts } from '../../../src/domain/agent'
import { readAgent } from '../../../src/page/read-agent'
import type { InsecureAgent } from '../../../src/page/streams'
import { answerOf, arnOf, RECORDED_SNAPSHOTS, type RecordedName, type RecordedSnapshot } from '../../recorded/snapshots'

export const CASES: readonly (readonly [RecordedName, RecordedSnapshot])[] = RECORDED_SNAPSHOTS.map(
  (recorded) => [recorded.what, recorded] as const,
)

export function recordedAs(what: RecordedName): RecordedSnapshot {
  const recorded = RECORDED_SNAPSHOTS.find((each) => each.what === what)
  if (recorded === undefined) throw new Error(`Nothing is recorded as "${what}"`)
  return recorded
}

/** The AWS SDK in Streams returns times as dates. */
export const date = (time: number | string): Date => new Date(typeof time === 'number' ? time * 1000 : time)
export const toMs = (time: number | string): number => date(time).getTime()

const listed = (name: string, type: string) => ({ name, type, agentStateARN: arnOf(name), startTimestamp: null })

/** The agent's list of states: as recorded in 2023, they have no times. */
export const LISTED = [listed('Available', 'routable'), listed('Break', 'not_routable'), listed('Offline', 'offline')]

/** The agent as Streams gives it to the page with such a snapshot. */
export function streamsAgent(recorded: RecordedSnapshot): InsecureAgent {
  const { snapshot } = answerOf(recorded)
  return {
    getState: () => ({ ...snapshot.state, startTimestamp: date(snapshot.state.startTimestamp) }),
    getAgentStates: () => LISTED,
    getConfiguration: () => ({ username: 'ada', name: 'Ada', extension: '', softphoneEnabled: true }),
    getContacts: () => snapshot.contacts.map(({ type, state }) => ({ getType: () => type, getStatus: () => state })),
    getAvailabilityState: () => ({
      state: snapshot.agentAvailabilityState.state,
      timeStamp: date(snapshot.agentAvailabilityState.timeStamp),
    }),
    getNextState: () => null,
    onRefresh: () => undefined,
    setState: () => undefined,
  }
}

/** What the page's reader makes of the agent with such a snapshot. */
export const factsOf = (what: RecordedName): AgentFacts => readAgent(streamsAgent(recordedAs(what)))

/** The snapshots that show Available itself, and not a state that a contact has put over it. */
export const IN_AVAILABLE = [
  'a supervisor listens in',
  'a task rings',
  'a chat rings',
] as const satisfies readonly RecordedName[]
