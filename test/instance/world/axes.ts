/**
 * The uncertainties about Amazon Connect, as axes with values. A world has one value for each axis, and the stand-in
 * can play any world. `recorded` is the value that public recordings of real instances show; where they show nothing,
 * the likeliest, or for `http` the harder one.
 */
interface Axis<V extends string> {
  /** What the axis is about. */
  readonly about: string
  /** The values and what they mean. */
  readonly values: Readonly<Record<V, string>>
  readonly recorded: V
  /** How well the recorded value is known. */
  readonly known: 'recorded' | 'read' | 'guessed'
}

const axis = <const M extends Record<string, string>>(
  of: Omit<Axis<string>, 'values' | 'recorded'> & { readonly values: M; readonly recorded: keyof M & string },
): Axis<keyof M & string> => of

/**
 * Every axis. "Recorded" refers to the snapshots in the tests of amazon-connect-streams (2022, 2023, 2025), "read" to
 * the source of Streams, its issues and AWS's documentation.
 */
export const AXES = {
  startTimes: axis({
    about: "A state's startTimestamp in snapshots",
    values: {
      moving: "the snapshot's time minus the whole seconds in the state: moves with each snapshot",
      fixed: 'the moment at which the agent entered the state',
    },
    recorded: 'moving',
    known: 'recorded',
  }),
  availability: axis({
    about: 'agentAvailabilityState in snapshots',
    values: { told: "the chosen state's name, and since when", missing: 'not there' },
    recorded: 'told',
    known: 'recorded',
  }),
  stateArns: axis({
    about: "A state's ARN in snapshots (the list of states has all ARNs)",
    values: {
      'offline-only': 'set for Offline, null for all others',
      none: 'null for every state',
      all: 'set for every state',
    },
    recorded: 'offline-only',
    known: 'recorded',
  }),
  listedStarts: axis({
    about: 'startTimestamp in the list of states',
    values: { null: 'null', set: 'the start of the current state' },
    recorded: 'null',
    known: 'recorded',
  }),
  showsAfterMs: axis({
    about: 'How long a change takes to show in snapshots, in ms',
    values: { '0': 'at once', '300': '0.3 s', '1200': '1.2 s', '3000': '3 s' },
    recorded: '0',
    known: 'guessed',
  }),
  puts: axis({
    about: 'PutAgentState, which AWS calls a promise (issue 452)',
    values: {
      applied: 'does what it promises',
      'first-lost': 'answered {} and never applied, for 1.2 s from the first request in a state',
    },
    recorded: 'applied',
    known: 'read',
  }),
  freshTokens: axis({
    about: 'The first two calls with a token that authorize has just given',
    values: { taken: 'answered', '401-first': 'answered 401', '403-first': 'answered 403' },
    recorded: 'taken',
    known: 'read',
  }),
  endpoint: axis({
    about: 'The API address that the page hands to initSharedWorker',
    values: {
      absolute: 'a whole URL',
      path: 'a path (no public Streams reads one)',
      'no-scheme': 'host and path',
      missing: 'not there',
    },
    recorded: 'absolute',
    known: 'guessed',
  }),
  expiration: axis({
    about: "When a token expires, in the page and in authorize's answer",
    values: { number: 'milliseconds', iso: 'ISO 8601 text', missing: 'empty in the page, not in the answer' },
    recorded: 'number',
    known: 'recorded',
  }),
  connectGlobal: axis({
    about: 'The global `connect` of the page, once it has started',
    values: {
      there: 'as Streams makes it',
      gone: 'deleted (only with Streams 2: Streams 1 reads the global itself)',
      'more-members': 'with members that no public Streams has, one of which throws',
    },
    recorded: 'there',
    known: 'read',
  }),
  polling: axis({
    about: 'How snapshots reach the SharedWorker',
    values: {
      'long-poll': 'GetAgentSnapshot with a timeout',
      websocket: 'pushed, so that no request holds a connection open',
    },
    recorded: 'long-poll',
    known: 'read',
  }),
  http: axis({
    about: 'The protocol of the connections',
    values: { 'http/1.1': 'HTTP/1.1', h2: 'HTTP/2, where an idle connection ends with GOAWAY' },
    // HTTP/2 is likelier. HTTP/1.1 is harder: there each request may need a new connection.
    recorded: 'http/1.1',
    known: 'guessed',
  }),
  unload: axis({
    about: "The page's unload event",
    values: { runs: 'fires', blocked: 'does not (Permissions-Policy: unload=())' },
    recorded: 'runs',
    known: 'guessed',
  }),
  extensionOrigin: axis({
    about: "A request whose Origin is an extension's",
    values: { accepted: 'answered as any other', refused: 'answered 403' },
    recorded: 'accepted',
    known: 'guessed',
  }),
  nulls: axis({
    about: 'Fields of JSON answers that have no value',
    values: { explicit: 'null', omitted: 'not there' },
    recorded: 'explicit',
    known: 'recorded',
  }),
  unknownFields: axis({
    about: 'Unknown fields in every object of the answers',
    values: { none: 'not there', some: 'there' },
    recorded: 'none',
    known: 'guessed',
  }),
  contactStates: axis({
    about: "The agent's state while a contact is being connected",
    values: {
      recorded:
        'Pending (not_routable) while a callback rings, CallingCustomer while the customer of a callback or an outbound call is called',
      busy: 'PendingBusy while any call rings, and customers are connected as soon as the agent accepts',
    },
    recorded: 'recorded',
    known: 'recorded',
  }),
  workType: axis({
    about: 'The type of AfterCallWork',
    values: { system: 'system', not_routable: 'not_routable', after_call_work: 'a type that Streams does not know' },
    recorded: 'system',
    known: 'guessed',
  }),
} as const

export type AxisName = keyof typeof AXES
type ValueOf<A> = A extends Axis<infer V> ? V : never

/** One value for each axis. */
export type World = { readonly [A in AxisName]: ValueOf<(typeof AXES)[A]> }

export const AXIS_NAMES = Object.keys(AXES) as AxisName[]

/** The values of an axis. */
export const valuesOf = (name: AxisName): string[] => Object.keys(AXES[name].values)

const worldOf = (value: (name: AxisName) => string): World =>
  Object.fromEntries(AXIS_NAMES.map((name) => [name, value(name)])) as unknown as World

/** The world that public recordings show. */
export const RECORDED: World = worldOf((name) => AXES[name].recorded)

/** The values that are hardest for an extension, all at once. */
export const WORST: World = {
  ...RECORDED,
  availability: 'missing',
  stateArns: 'none',
  showsAfterMs: '3000',
  puts: 'first-lost',
  freshTokens: '403-first',
  endpoint: 'no-scheme',
  expiration: 'missing',
  connectGlobal: 'gone',
  polling: 'websocket',
  http: 'h2',
  unload: 'blocked',
  unknownFields: 'some',
  workType: 'not_routable',
}

/** The world that the stand-in played before recordings were known. */
export const CONVENIENT: World = {
  ...RECORDED,
  startTimes: 'fixed',
  stateArns: 'all',
  listedStarts: 'set',
  expiration: 'iso',
  nulls: 'omitted',
  contactStates: 'busy',
}

/** The world of an instance for which a test chooses none. */
export const DEFAULT_WORLD: World = { ...RECORDED }
