/** A `connect` object with the shape of Streams, and an instance behind it that stores its agents' states. */
export interface State {
  readonly name: string
  readonly type: string
  /** null in states that a contact brings about. */
  readonly agentStateARN: string | null
  readonly startTimestamp: Date
}

const at = new Date('2026-01-05T08:00:00Z')
export const STATES: Readonly<Record<'available' | 'lunch' | 'offline', State>> = {
  available: { name: 'Disponible', type: 'routable', agentStateARN: 'arn:1', startTimestamp: at },
  lunch: { name: 'Comida', type: 'not_routable', agentStateARN: 'arn:2', startTimestamp: at },
  offline: { name: 'Sin conexión', type: 'offline', agentStateARN: 'arn:3', startTimestamp: at },
}

/** A state in the form of the instance's API: times in seconds. */
export const wire = ({ startTimestamp, ...state }: State, since = startTimestamp.getTime()) => ({
  ...state,
  startTimestamp: since / 1000,
})

/** The types of states that agents choose themselves. */
const CHOSEN_TYPES = ['routable', 'not_routable', 'offline']

/** Whether the agent has chosen the state: one that a contact brings about may have such a type, but never an ARN. */
export const isChoice = ({ type, agentStateARN }: Pick<State, 'type' | 'agentStateARN'>): boolean =>
  CHOSEN_TYPES.includes(type.toLowerCase()) && agentStateARN !== null

/** Which of the states that the agent is in come with their ARN: as recorded, Offline alone. */
export type ToldArns = 'offline' | 'all' | 'none'

/** The ARN of the state that the agent is in, where it is told. */
export const toldArn = (
  { type, agentStateARN }: Pick<State, 'type' | 'agentStateARN'>,
  told: ToldArns,
): string | null => (told === 'all' || (told === 'offline' && type.toLowerCase() === 'offline') ? agentStateARN : null)

/** A contact in the form that Streams returns. */
export const contact = (channel: string, type: string, id?: string): object => ({
  getContactId: () => id,
  getType: () => channel,
  getStatus: () => ({ type }),
})

interface Callbacks {
  success: () => void
  failure: (error: unknown) => void
}

/** The instance's answer to a `setState`. */
export type Answer = 'at once' | 'never' | { readonly type: string; readonly message: string }

export class FakeStreams {
  answer: Answer = 'never'
  /** Whether an accepted state takes effect and appears in a snapshot. */
  shows = false
  contacts: readonly object[] = []
  softphone = true
  list: readonly State[] = Object.values(STATES)
  /** Which states come with their ARN, besides those of the list. */
  tellsArns: ToldArns = 'offline'
  /** Whether Streams reports the agent's own choice; versions before 1.8.3 do not. */
  tellsAvailability = true
  /** Connect accepts the last request. */
  accept = (): void => undefined
  /** Runs in the same moment as the answer, before anything can be reported. */
  onTaken: (state: State) => void = () => undefined
  readonly params: object[] = []
  readonly asked: { state: string; enqueue: boolean | undefined }[] = []
  private readonly refreshed: ((agent: object) => void)[] = []
  private readonly overhearing: ((data: null, event: string) => void)[] = []
  private readonly subscribed = new Map<string, (() => void)[]>()
  private current = STATES.available
  private chosen: State | null = null

  /** @param state the agent's, when the CCP opens. */
  constructor(
    private readonly username: string,
    state: State = STATES.available,
  ) {
    this.state = state
  }

  get state(): State {
    return this.current
  }

  /** As recorded, a state of a contact leaves the agent's choice as it is, and so does a start that moves. */
  set state(state: State) {
    this.current = state
    if (isChoice(state) && !this.isSameChoice(state)) this.chosen = state
  }

  private isSameChoice({ name, startTimestamp }: State): boolean {
    const moved = startTimestamp.getTime() - (this.chosen?.startTimestamp.getTime() ?? NaN)
    return this.chosen?.name === name && Math.abs(moved) < 1_000
  }

  private readonly agent = {
    getState: () => ({ ...this.current, agentStateARN: toldArn(this.current, this.tellsArns) }),
    getAgentStates: () => this.list,
    getAvailabilityState: () =>
      this.tellsAvailability && this.chosen !== null
        ? { state: this.chosen.name, timeStamp: this.chosen.startTimestamp }
        : null,
    getConfiguration: () => ({
      username: this.username,
      name: this.username,
      routingProfile: { name: 'Basic' },
      softphoneEnabled: this.softphone,
    }),
    getContacts: () => this.contacts,
    onRefresh: (callback: (agent: object) => void) => void this.refreshed.push(callback),
    setState: (state: State, callbacks: Callbacks, options?: { enqueueNextState: boolean }) => {
      this.asked.push({ state: state.type, enqueue: options?.enqueueNextState })
      const { answer } = this
      this.accept = () => callbacks.success()
      // Streams receives its worker's answers as messages: never within the call.
      if (answer === 'at once') {
        queueMicrotask(() => {
          callbacks.success()
          this.onTaken(state)
        })
        // The snapshot that shows it comes later: a page that has gone by then never sees it.
        if (this.shows) setTimeout(() => this.become({ ...state, startTimestamp: new Date() }), 0)
      }
      if (typeof answer === 'object') queueMicrotask(() => callbacks.failure(answer))
    },
  }

  readonly connect = {
    version: '2.28.2',
    EventType: { TERMINATED: 'terminated' },
    core: {
      /** What the stock page calls with its token. */
      initSharedWorker: (params: object) => void this.params.push(params),
      getEventBus: () => ({
        subscribeAll: (callback: (data: null, event: string) => void) => void this.overhearing.push(callback),
        subscribe: (event: string, callback: () => void) => {
          this.subscribed.set(event, [...(this.subscribed.get(event) ?? []), callback])
        },
      }),
    },
    agent: (callback: (agent: object) => void) => callback(this.agent),
  }

  /** The instance reports a new state. */
  become(state: State): void {
    this.state = state
    for (const callback of this.refreshed) callback(this.agent)
  }

  terminate(): void {
    for (const callback of this.overhearing) callback(null, 'terminated')
    for (const callback of this.subscribed.get('terminated') ?? []) callback()
  }
}
