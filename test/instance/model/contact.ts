import { randomUUID } from 'node:crypto'

/** A channel as the API names a contact's type. */
export type Channel = 'voice' | 'chat' | 'task' | 'queue_callback'

/** Contact states as the API names them. `ended` is after-contact work. */
export type ContactState = 'incoming' | 'connecting' | 'connected' | 'ended' | 'missed' | 'error'

export type ConnectionState = 'connecting' | 'connected' | 'hold' | 'disconnected'

/** What a contact is offered with. */
export interface RingOptions {
  readonly channel?: Channel
  readonly customer?: string
  readonly phone?: string
  readonly queue?: string
  readonly attributes?: Readonly<Record<string, string>>
  /** Rings this long before it counts as missed. */
  readonly ringMs?: number
  /** Rings even if the agent is not routable: for states that ought not to come about. */
  readonly force?: boolean
}

/** A contact as snapshots show it. */
export type ContactView = Readonly<Omit<Contact, 'ringing' | 'live' | 'onHold' | 'isReaching' | 'view'>>

/** One contact, with the agent's and the customer's connection. */
export class Contact {
  readonly id: string = randomUUID()
  readonly agentConnectionId: string = randomUUID()
  readonly customerConnectionId: string = randomUUID()
  readonly customer: string
  readonly phone: string
  readonly queue: string
  readonly attributes: Readonly<Record<string, string>>
  agentConnection: ConnectionState = 'connecting'
  customerConnection: ConnectionState = 'connected'
  /** Third parties that the call was opened to. */
  readonly guests: { readonly id: string; readonly phone: string }[] = []
  stateSince: number
  /** The agent has taken a callback, or has dialled: the customer's phone rings. */
  isReaching = false
  /** Voice-like contacts change the agent's state, the others do not. */
  readonly occupiesAgent: boolean

  constructor(
    readonly channel: Channel,
    /** Who the other end is: a supervisor who listens in is `monitoring`. */
    readonly direction: 'inbound' | 'outbound' | 'monitoring',
    readonly queuedAt: number,
    options: RingOptions,
    public state: ContactState = channel === 'queue_callback' ? 'incoming' : 'connecting',
  ) {
    this.customer = options.customer ?? 'Jordan Price'
    this.phone = options.phone ?? '+12065550142'
    this.queue = options.queue ?? 'BasicQueue'
    this.attributes = options.attributes ?? {}
    this.stateSince = queuedAt
    this.occupiesAgent = direction !== 'monitoring' && (channel === 'voice' || channel === 'queue_callback')
  }

  get ringing(): boolean {
    return !this.isReaching && (this.state === 'incoming' || this.state === 'connecting')
  }

  /** A person is at the other end, or about to be. */
  get live(): boolean {
    return this.ringing || this.isReaching || this.state === 'connected'
  }

  get onHold(): boolean {
    return this.customerConnection === 'hold'
  }

  /** The contact as it is now: later changes do not reach it. */
  view(): ContactView {
    const { id, channel, direction, state, stateSince, queuedAt, queue, customer, phone, attributes } = this
    const { agentConnectionId, customerConnectionId, agentConnection, customerConnection, occupiesAgent } = this
    return {
      ...{ id, channel, direction, state, stateSince, queuedAt, queue, customer, phone, attributes, occupiesAgent },
      ...{ agentConnectionId, customerConnectionId, agentConnection, customerConnection, guests: [...this.guests] },
    }
  }
}
