import { randomUUID } from 'node:crypto'
import type { Cause, Journal } from '../journal'
import type { AgentState, StateDefinition, StateList } from './agent-states'
import { Contact, type RingOptions } from './contact'
import { invalidParameter, invalidState, unexpectedParameter } from './errors'
import { systemStateFor, type ContactRules } from './system-state'

export interface AgentOptions {
  readonly username: string
  readonly name?: string
  readonly password?: string
  /** The first state, by name, type or ARN; by default Offline. */
  readonly state?: string
  /** When it began, in ms since the epoch; by default now. */
  readonly since?: number
  /** Whether contacts are followed by after-contact work (true). */
  readonly afterContactWork?: boolean
  /** How long a contact rings before it is missed (20,000 ms). */
  readonly ringMs?: number
  /** How long a customer's phone rings until it is answered (1,000 ms). */
  readonly reachingMs?: number
  /** Whether the agent talks in the browser (true), or by a desk phone. */
  readonly softphone?: boolean
  /** Whether `PutAgentState` with `enqueueNextState` is answered with `UnexpectedParameter`, as with one old CCP. */
  readonly rejectEnqueue?: boolean
}

export interface PutStateRequest {
  readonly arn?: string | undefined
  readonly name?: string | undefined
  readonly type?: string | undefined
  readonly enqueueNextState?: boolean | undefined
}

/** The default display name: `alice.adams` becomes Alice Adams. */
function displayName(username: string): string {
  return username
    .split(/[._-]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join(' ')
}

/**
 * An agent of an instance: the chosen state, the state that the system puts over it while a voice contact occupies the
 * agent, the next state, and the contacts. Changes of states and contacts are in the journal, and wake long polls.
 */
export class AgentModel {
  readonly username: string
  readonly name: string
  readonly password: string
  readonly softphone: boolean
  readonly rejectEnqueue: boolean
  afterContactWork: boolean
  ringMs: number
  private readonly reachingMs: number
  /** Increases with every change; the snapshot's `nextToken`. */
  version = 1
  private definition: StateDefinition
  private since: number
  private visible: StateDefinition
  private visibleSince: number
  private next: { definition: StateDefinition; since: number } | undefined
  private readonly contactList: Contact[] = []
  private readonly ringTimers = new Map<string, NodeJS.Timeout>()
  private readonly listeners = new Set<() => void>()

  constructor(
    readonly alias: string,
    private readonly states: StateList,
    private readonly journal: Journal,
    options: AgentOptions,
    private readonly rules: ContactRules = { reachesCustomers: false },
  ) {
    this.username = options.username
    this.name = options.name ?? displayName(options.username)
    this.password = options.password ?? 'secret'
    this.softphone = options.softphone ?? true
    this.rejectEnqueue = options.rejectEnqueue ?? false
    this.afterContactWork = options.afterContactWork ?? true
    this.ringMs = options.ringMs ?? 20_000
    this.reachingMs = options.reachingMs ?? 1_000
    this.definition = this.visible = states.get(options.state ?? 'offline')
    this.since = this.visibleSince = options.since ?? Date.now()
  }

  state(): AgentState {
    return { ...this.definition, since: this.since }
  }

  /** The state that the agent has chosen, even while the system has put another over it. */
  visibleState(): AgentState {
    return { ...this.visible, since: this.visibleSince }
  }

  nextState(): AgentState | undefined {
    return this.next && { ...this.next.definition, since: this.next.since }
  }

  contacts(): readonly Contact[] {
    return [...this.contactList]
  }

  contact(id?: string): Contact {
    const found = this.contactList.find((contact) => id === undefined || contact.id === id)
    if (!found) throw invalidParameter(`No contact ${id ?? ''} at ${this.username}.`)
    return found
  }

  /** A supervisor, a program or a test sets the state. During a live contact it is enqueued, as in the real console. */
  set(nameOrTypeOrArn: string, by: 'supervisor' | 'public-api' | 'test' = 'supervisor'): void {
    const definition = this.states.get(nameOrTypeOrArn)
    const cause: Cause = { by }
    if (this.contactList.some(({ live }) => live)) this.enqueue(definition, cause)
    else this.choose(definition, cause)
  }

  /** Renames a state for the whole instance, as an administrator would. */
  rename(nameOrTypeOrArn: string, name: string): void {
    this.states.rename(nameOrTypeOrArn, name)
    this.changed()
  }

  /** `PutAgentState`, with its rules. Throws the API's errors. */
  putState(request: PutStateRequest, cause: Cause): void {
    if (request.enqueueNextState !== undefined && this.rejectEnqueue) throw unexpectedParameter('enqueueNextState')
    const definition = this.states.chosen.find(({ arn, name, type }) =>
      request.arn === undefined ? name === request.name && type === request.type : arn === request.arn,
    )
    if (!definition) throw invalidParameter('The agent state does not exist or cannot be chosen.')
    const live = this.contactList.some((contact) => contact.live)
    const severalLeft = this.contactList.length > 1
    if (live || (severalLeft && request.enqueueNextState === true)) {
      if (request.enqueueNextState !== true) throw invalidState('The agent is on a live contact.')
      this.enqueue(definition, cause)
      return
    }
    // Where a next state is set, after-contact work and missed calls always lead to it (issue 613).
    const target = this.contactList.length > 0 && this.next ? this.next.definition : definition
    this.choose(target, cause)
  }

  /**
   * Offers a contact, which rings until it is accepted or missed.
   * Throws where the agent is not routable, unless forced.
   */
  ring(options: RingOptions = {}): Contact {
    const channel = options.channel ?? 'voice'
    if (!options.force && (this.definition.type !== 'routable' || this.next)) {
      throw new Error(`${this.username} is ${this.definition.name}: no contact is routed to this agent.`)
    }
    const contact = new Contact(channel, 'inbound', Date.now(), options)
    this.contactList.push(contact)
    this.noteContact(contact)
    this.settle({ by: 'contact', contactId: contact.id, why: 'offered' })
    this.ringTimers.set(
      contact.id,
      setTimeout(() => this.missContact(contact.id), options.ringMs ?? this.ringMs),
    )
    return contact
  }

  /** The agent makes an outbound call. The customer answers at once, or after `reachingMs` where the world says so. */
  dial(phone: string, cause?: Cause): Contact {
    const reaches = this.rules.reachesCustomers
    const state = reaches ? 'connecting' : 'connected'
    const contact = new Contact('voice', 'outbound', Date.now(), { phone, customer: phone }, state)
    if (reaches) this.reach(contact)
    else contact.agentConnection = 'connected'
    this.contactList.push(contact)
    this.noteContact(contact)
    this.settle(cause ?? { by: 'contact', contactId: contact.id, why: 'dialled' })
    return contact
  }

  accept(id?: string): void {
    const contact = this.contact(id)
    if (!contact.ringing) throw invalidState('The contact is not ringing.')
    if (contact.channel === 'queue_callback' && this.rules.reachesCustomers) {
      contact.isReaching = true
      this.move(contact, 'connecting', 'accepted')
      this.reach(contact)
      return
    }
    contact.agentConnection = 'connected'
    this.move(contact, 'connected', 'accepted')
  }

  /** The agent, a supervisor, listens in on a call: a separate contact, which changes no state. */
  monitor(): Contact {
    const contact = new Contact('voice', 'monitoring', Date.now(), {}, 'connected')
    contact.agentConnection = 'connected'
    this.contactList.push(contact)
    this.noteContact(contact)
    this.changed()
    return contact
  }

  /** The customer's phone rings, and is answered after `reachingMs`. */
  private reach(contact: Contact): void {
    contact.isReaching = true
    this.ringTimers.set(
      contact.id,
      setTimeout(() => this.pickUp(contact.id), this.reachingMs),
    )
  }

  /** A customer who is being called answers. */
  pickUp(id?: string): void {
    const contact = this.contact(id)
    if (!contact.isReaching) throw invalidState('Nobody is called.')
    contact.isReaching = false
    contact.agentConnection = 'connected'
    this.move(contact, 'connected', 'reached')
  }

  reject(id?: string): void {
    const contact = this.contact(id)
    if (!contact.ringing) throw invalidState('The contact is not ringing.')
    this.missContact(contact.id, 'rejected')
  }

  /**
   * A ringing contact was not accepted. After a call the agent is
   * in MissedCallAgent, and the caller goes to the next agent.
   */
  missContact(id?: string, why = 'missed'): void {
    const contact = this.contactList.find((each) => id === undefined || each.id === id)
    if (!contact?.ringing) return
    contact.agentConnection = contact.customerConnection = 'disconnected'
    this.move(contact, contact.occupiesAgent ? 'error' : 'missed', why)
  }

  /** The agent's softphone cannot accept the call, which leads to FailedConnectAgent. */
  failContact(id?: string): void {
    const contact = this.contact(id)
    contact.agentConnection = contact.customerConnection = 'disconnected'
    this.move(contact, 'error', 'failed to connect')
  }

  hold(id?: string): void {
    this.setHold(this.contact(id), 'hold')
  }

  resume(id?: string): void {
    this.setHold(this.contact(id), 'connected')
  }

  /** A third party joins the call, as in a transfer in which the agent stays. */
  conference(id?: string): void {
    const contact = this.contact(id)
    if (contact.state !== 'connected') throw invalidState('The contact is not connected.')
    contact.guests.push({ id: randomUUID(), phone: '+12065550177' })
    this.changed()
  }

  /** Either side hangs up. After-contact work follows if the agent has it; otherwise the contact is removed. */
  endContact(id?: string): void {
    const contact = this.contact(id)
    if (contact.ringing) {
      this.missContact(contact.id, 'abandoned')
      return
    }
    contact.agentConnection = contact.customerConnection = 'disconnected'
    contact.isReaching = false
    if (this.afterContactWork && contact.direction !== 'monitoring') this.move(contact, 'ended', 'ended')
    else this.remove(contact, 'ended')
  }

  /** After-contact work is finished, or a missed contact is cleared. */
  clearContact(id?: string): void {
    const contact = this.contact(id)
    if (contact.live) throw invalidState('The contact is live.')
    this.remove(contact, 'cleared')
  }

  /** Calls back at every change. Returns a function that stops it. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Stops all timers. */
  close(): void {
    for (const timer of this.ringTimers.values()) clearTimeout(timer)
    this.ringTimers.clear()
  }

  private setHold(contact: Contact, to: 'hold' | 'connected'): void {
    if (contact.state !== 'connected') throw invalidState('The contact is not connected.')
    contact.customerConnection = to
    this.journal.add({
      kind: 'contact',
      alias: this.alias,
      agent: this.username,
      contactId: contact.id,
      channel: contact.channel,
      to: to === 'hold' ? 'hold' : 'resumed',
    })
    this.changed()
  }

  private move(contact: Contact, to: Contact['state'], why: string): void {
    this.stopRinging(contact)
    contact.state = to
    contact.stateSince = Date.now()
    this.noteContact(contact)
    this.settle({ by: 'contact', contactId: contact.id, why }, why)
  }

  private remove(contact: Contact, why: string): void {
    this.stopRinging(contact)
    this.contactList.splice(this.contactList.indexOf(contact), 1)
    this.noteContact(contact, 'gone')
    this.settle({ by: 'contact', contactId: contact.id, why })
  }

  private stopRinging(contact: Contact): void {
    clearTimeout(this.ringTimers.get(contact.id))
    this.ringTimers.delete(contact.id)
  }

  private enqueue(definition: StateDefinition, cause: Cause): void {
    this.next = { definition, since: Date.now() }
    this.journal.add({ kind: 'next-state', alias: this.alias, agent: this.username, to: this.nextState(), cause })
    this.changed()
  }

  /** Sets a state at once. It clears contacts in after-contact work, before the agent has written notes (issue 952). */
  private choose(definition: StateDefinition, cause: Cause): void {
    for (const contact of this.contactList.splice(0)) {
      this.stopRinging(contact)
      this.noteContact(contact, 'gone')
    }
    this.clearNext(cause)
    this.visible = definition
    this.visibleSince = Date.now()
    this.enter(definition, cause)
    this.changed()
  }

  private clearNext(cause: Cause): void {
    if (!this.next) return
    this.next = undefined
    this.journal.add({ kind: 'next-state', alias: this.alias, agent: this.username, to: undefined, cause })
  }

  /** Enters the state that the contacts require, or the next state when all contacts are gone. */
  private settle(cause: Cause, why?: string): void {
    const failed = why === 'failed to connect' || this.definition.name === 'FailedConnectAgent'
    const calledFor = systemStateFor(this.contactList, failed, this.rules)
    if (calledFor) {
      this.enter(this.states.systemState(calledFor), cause)
    } else if (this.contactList.length === 0 && this.next) {
      this.choose(this.next.definition, cause)
      return
    } else {
      this.enter(this.visible, cause)
    }
    this.changed()
  }

  private enter(definition: StateDefinition, cause: Cause): void {
    const from = this.state()
    // Setting the present state again succeeds, and restarts its time. Contacts do not restart it.
    if (definition.arn === from.arn && cause.by === 'contact') return
    this.definition = definition
    this.since = Date.now()
    this.journal.add({ kind: 'state', alias: this.alias, agent: this.username, from, to: this.state(), cause })
  }

  private noteContact(contact: Contact, to: string = contact.state): void {
    this.journal.add({
      kind: 'contact',
      alias: this.alias,
      agent: this.username,
      contactId: contact.id,
      channel: contact.channel,
      to,
    })
  }

  private changed(): void {
    this.version += 1
    for (const listener of [...this.listeners]) listener()
  }
}
