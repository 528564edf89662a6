/** A CCP that was closed. */
export interface ClosedCcp {
  readonly alias: string
  readonly username: string
}

/** An agent as the extension names them. */
export interface AgentOf {
  readonly instance: string
  readonly username: string
}

/** Whether the agent of a CCP is among these. */
export function isIn(agents: readonly AgentOf[], { alias, username }: ClosedCcp): boolean {
  return agents.some((agent) => aliasOf(agent.instance) === alias && agent.username === username)
}

/** The instance's alias: the first label of its host. */
export function aliasOf(instance: string): string {
  return instance.split('.')[0] ?? ''
}
