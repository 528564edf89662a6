import { arn, uuid } from './arn'

/**
 * The API's types of states. `system` and `error` are the types of Busy, AfterCallWork, MissedCallAgent and the like,
 * which nobody can choose. `after_call_work` stands for unknown types.
 */
export type StateType = 'routable' | 'not_routable' | 'offline' | 'system' | 'error' | 'after_call_work'

/** A state as the instance's administrator has defined it, or a system state. */
export interface StateDefinition {
  readonly arn: string
  readonly type: StateType
  name: string
}

/** The state that an agent is in. */
export interface AgentState {
  readonly arn: string
  readonly type: StateType
  readonly name: string
  /** Server time in milliseconds. */
  readonly since: number
}

const CHOSEN: readonly (readonly [string, StateType])[] = [
  ['Available', 'routable'],
  ['Break', 'not_routable'],
  ['Lunch', 'not_routable'],
  ['Training', 'not_routable'],
  ['Offline', 'offline'],
]

const SYSTEM: readonly (readonly [string, StateType])[] = [
  ['Pending', 'not_routable'],
  ['PendingBusy', 'system'],
  ['CallingCustomer', 'system'],
  ['Busy', 'system'],
  ['AfterCallWork', 'system'],
  ['Default', 'error'],
  ['MissedCallAgent', 'error'],
  ['FailedConnectAgent', 'error'],
  ['FailedConnectCustomer', 'error'],
]

export type SystemStateName =
  | 'Pending'
  | 'PendingBusy'
  | 'CallingCustomer'
  | 'Busy'
  | 'AfterCallWork'
  | 'Default'
  | 'MissedCallAgent'
  | 'FailedConnectAgent'
  | 'FailedConnectCustomer'

/** The states of an instance: those that agents may choose, which can be renamed, and those of the system. */
export class StateList {
  readonly chosen: StateDefinition[]
  private readonly system: readonly StateDefinition[]

  constructor(
    private readonly alias: string,
    chosen: readonly (readonly [string, StateType])[] = CHOSEN,
    workType: StateType = 'system',
  ) {
    this.chosen = chosen.map(([name, type]) => this.define(name, type))
    this.system = SYSTEM.map(([name, type]) => this.define(name, name === 'AfterCallWork' ? workType : type))
  }

  /** A state that agents may choose, by name, ARN or type (the first of its type). */
  find(nameOrTypeOrArn: string): StateDefinition | undefined {
    return (
      this.chosen.find(({ name, arn: own }) => name === nameOrTypeOrArn || own === nameOrTypeOrArn) ??
      this.chosen.find(({ type }) => type === nameOrTypeOrArn)
    )
  }

  /** Like `find`, but throws where there is no such state. */
  get(nameOrTypeOrArn: string): StateDefinition {
    const found = this.find(nameOrTypeOrArn)
    if (!found) throw new Error(`The instance ${this.alias} has no state ${nameOrTypeOrArn}.`)
    return found
  }

  systemState(name: SystemStateName): StateDefinition {
    const found = this.system.find((state) => state.name === name)
    if (!found) throw new Error(`No system state ${name}.`)
    return found
  }

  /** An administrator renames a state. Its ARN and type stay the same. */
  rename(nameOrTypeOrArn: string, name: string): void {
    this.get(nameOrTypeOrArn).name = name
  }

  add(name: string, type: StateType): StateDefinition {
    const state = this.define(name, type)
    this.chosen.push(state)
    return state
  }

  private define(name: string, type: StateType): StateDefinition {
    return { arn: arn(this.alias, 'agent-state', uuid(`${this.alias}/state/${name}`)), type, name }
  }
}
