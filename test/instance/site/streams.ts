/** Types for the part of Streams that the pages use, in any version. Types only: browsers never load this file. */
export interface StreamsState {
  readonly name: string
  readonly type: string
  readonly agentStateARN: string
  readonly startTimestamp: Date
}

export interface StreamsConnection {
  destroy(callbacks?: Callbacks): void
  hold(callbacks?: Callbacks): void
  resume(callbacks?: Callbacks): void
  isOnHold(): boolean
}

export interface StreamsContact {
  getContactId(): string
  getType(): string
  getStatus(): { readonly type: string; readonly timestamp: Date }
  getQueue(): { readonly name: string } | null
  getInitialConnection():
    (StreamsConnection & { getEndpoint(): { readonly name?: string; readonly phoneNumber?: string } }) | null
  getAgentConnection(): StreamsConnection
  accept(callbacks?: Callbacks): void
  reject?(callbacks?: Callbacks): void
  clear?(callbacks?: Callbacks): void
  complete(callbacks?: Callbacks): void
}

export interface Callbacks {
  success?(): void
  failure?(error: unknown): void
}

export interface StreamsAgent {
  getName(): string
  getState(): StreamsState
  getNextState?(): StreamsState | null
  getAgentStates(): readonly StreamsState[]
  getContacts(): readonly StreamsContact[]
  setState(state: StreamsState, callbacks?: Callbacks, options?: { readonly enqueueNextState: boolean }): void
  connect(endpoint: unknown, callbacks: Callbacks): void
  onRefresh(callback: (agent: StreamsAgent) => void): void
}

export interface Streams {
  readonly EventType: { readonly TERMINATE: string }
  readonly Endpoint: { byPhoneNumber(number: string): unknown }
  readonly core: {
    initSharedWorker(settings: unknown): void
    initCCP(container: HTMLElement, settings: unknown): void
    getEventBus(): { trigger(event: string): void }
    getUpstream(): { onUpstream(event: string, callback: () => void): void }
  }
  agent(callback: (agent: StreamsAgent) => void): void
}
