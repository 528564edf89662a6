import { randomUUID } from 'node:crypto'

/** A contact's type in the API. */
export type Channel = 'voice' | 'chat' | 'task' | 'queue_callback'

/** A contact's state in the API. `ended` means after-contact work. */
export type ContactState = 'incoming' | 'connecting' | 'connected' | 'ended' | 'missed' | 'error'

export type ConnectionState = 'connecting' | 'connected' | 'hold' | 'disconnected'

/** The options of an offered contact. */
export interface RingOptions {
  readonly channel?: Channel
  readonly customer?: string
  readonly phone?: string
  readonly queue?: string
  readonly attributes?: Readonly<Record<string, string>>
  /** How long it rings before it is missed. */
  readonly ringMs?: number
  /** Whether it rings even if the agent is not routable, for situations that should not occur. */
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
  /** Third parties who have joined the call. */
  readonly guests: { readonly id: string; readonly phone: string }[] = []
  stateSince: number
  /** Whether the customer's phone is ringing, after the agent has accepted a callback or has dialled. */
  isReaching = false
  /** Whether the contact changes the agent's state: calls and callbacks do, the others do not. */
  readonly occupiesAgent: boolean

  constructor(
    readonly channel: Channel,
    /** Who started it. `monitoring`: the agent is a supervisor who listens in. */
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

  /** Whether a customer is connected or about to be. */
  get live(): boolean {
    return this.ringing || this.isReaching || this.state === 'connected'
  }

  get onHold(): boolean {
    return this.customerConnection === 'hold'
  }

  /** A copy of the contact, which later changes do not affect. */
  view(): ContactView {
    const { id, channel, direction, state, stateSince, queuedAt, queue, customer, phone, attributes } = this
    const { agentConnectionId, customerConnectionId, agentConnection, customerConnection, occupiesAgent } = this
    return {
      ...{ id, channel, direction, state, stateSince, queuedAt, queue, customer, phone, attributes, occupiesAgent },
      ...{ agentConnectionId, customerConnectionId, agentConnection, customerConnection, guests: [...this.guests] },
    }
  }
}
