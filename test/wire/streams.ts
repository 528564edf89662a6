/** A `connect` object of the shape of Streams, and an instance behind it that keeps its agents' states. */
interface State {
  readonly name: string
  readonly type: string
  readonly agentStateARN: string
  readonly startTimestamp: Date
}

const at = new Date('2026-01-05T08:00:00Z')
export const STATES: Readonly<Record<'available' | 'lunch' | 'offline', State>> = {
  available: { name: 'Disponible', type: 'routable', agentStateARN: 'arn:1', startTimestamp: at },
  lunch: { name: 'Comida', type: 'not_routable', agentStateARN: 'arn:2', startTimestamp: at },
  offline: { name: 'Sin conexión', type: 'offline', agentStateARN: 'arn:3', startTimestamp: at },
}

/** A state as the instance's API gives it: times in seconds. */
export const wire = ({ startTimestamp, ...state }: State, since = startTimestamp.getTime()) => ({
  ...state,
  startTimestamp: since / 1000,
})

/** A contact as Streams hands it over. */
export const contact = (channel: string, type: string, id?: string): object => ({
  getContactId: () => id,
  getType: () => channel,
  getStatus: () => ({ type }),
})

interface Callbacks {
  success: () => void
  failure: (error: unknown) => void
}

/** What the instance does with a `setState`. */
export type Answer = 'at once' | 'never' | { readonly type: string; readonly message: string }

export class FakeStreams {
  answer: Answer = 'never'
  /** Whether what was accepted comes about, and shows. */
  shows = false
  contacts: readonly object[] = []
  softphone = true
  list: readonly State[] = Object.values(STATES)
  /** What the agent has chosen, as Streams tells it; null as in versions that do not. */
  availability: { readonly state: string; readonly timeStamp: Date } | null = null
  /** What follows the answer within the same moment, sooner than anything could be told. */
  onTaken: (state: State) => void = () => undefined
  readonly params: object[] = []
  readonly asked: { state: string; enqueue: boolean | undefined }[] = []
  private readonly refreshed: ((agent: object) => void)[] = []
  private readonly overhearing: ((data: null, event: string) => void)[] = []
  private readonly subscribed = new Map<string, (() => void)[]>()
  private state: State = STATES.available

  constructor(private readonly username: string) {}

  private readonly agent = {
    getState: () => this.state,
    getAgentStates: () => this.list,
    getAvailabilityState: () => this.availability,
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
      // Streams hears of its worker by messages: never within the call.
      if (answer === 'at once') {
        queueMicrotask(() => {
          callbacks.success()
          this.onTaken(state)
        })
        // The snapshot that shows it comes later: a page that is gone by then never sees it.
        if (this.shows) setImmediate(() => this.become({ ...state, startTimestamp: new Date() }))
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

  /** The instance tells of a new state. */
  become(state: State): void {
    this.state = state
    for (const callback of this.refreshed) callback(this.agent)
  }

  terminate(): void {
    for (const callback of this.overhearing) callback(null, 'terminated')
    for (const callback of this.subscribed.get('terminated') ?? []) callback()
  }
}
