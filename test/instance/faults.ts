import { ApiError } from './model/errors'
import { seededRandom } from './seeded-random'

/** Which of the matching requests are hit: only the first ones, or a share (0 to 1), chosen with a seed. */
export interface Chance {
  readonly first?: number
  readonly share?: number
  readonly seed?: number
}

/** Something that goes wrong with requests. Without conditions it hits every request except pages. */
export interface Fault {
  /**
   * API operations (`PutAgentState`), `authorize`, `logout` or
   * `websocket`; or `page`, which is only hit where it is named.
   */
  readonly operation?: string | readonly string[]
  /** Only requests with this kind of `Origin`. */
  readonly origin?: 'extension' | 'page' | RegExp
  readonly agent?: string
  /**
   * True: only long polls, like those of Streams' worker: they name the snapshot that they know. A first snapshot has a `timeout`,
   * too, and is answered at once. False: only other requests.
   */
  readonly waits?: boolean
  /** When the fault begins, in ms after it was set, and how long it lasts. */
  readonly fromMs?: number
  readonly forMs?: number
  /** Answers with an error. With `applied` the request takes effect nevertheless. */
  readonly fail?: Chance & { readonly code: string; readonly status?: number; readonly applied?: boolean }
  /** A delay before the request takes effect. */
  readonly workMs?: number
  /** A delay of the answer, after the request has taken effect; for pages, after the first line. */
  readonly delayMs?: number
  /** Never answers; the request has no effect. */
  readonly hang?: boolean | Chance
  /** A captive portal answers with its own page and status 200; the request has no effect. */
  readonly portal?: boolean | Chance
  /** Breaks the connection instead of answering. With `applied` the request has taken effect. */
  readonly drop?: boolean | (Chance & { readonly applied?: boolean })
}

/** An active fault. */
export interface FaultHandle {
  /** The number of requests that it has hit. */
  readonly hits: () => number
  readonly clear: () => void
}

/** What the active faults do to one request. */
export interface Fate {
  readonly workMs: number
  readonly delayMs: number
  readonly hang: boolean
  readonly portal: boolean
  readonly error: { readonly cause: ApiError; readonly applied: boolean } | undefined
  readonly drop: { readonly applied: boolean } | undefined
}

interface Subject {
  readonly operation: string
  readonly origin: string | undefined
  readonly agent: string | undefined
  readonly waits: boolean
}

const STATUS_OF: Readonly<Record<string, number>> = {
  UnauthorizedException: 401,
  AccessDeniedException: 403,
  ThrottlingException: 429,
  InternalServiceException: 500,
  ServiceUnavailableException: 503,
}

/** Whether an Origin is that of an extension. */
export const isExtension = (origin: string | undefined): boolean => /^(chrome|moz)-extension:\/\//.test(origin ?? '')

/** Returns a function that decides for one request after another whether it is hit. */
function drawer(chance: Chance | boolean | undefined): () => boolean {
  if (chance === undefined || typeof chance === 'boolean') return () => chance === true
  let left = chance.first ?? Infinity
  const share = chance.share ?? 1
  const random = seededRandom(chance.seed ?? 1)
  return () => {
    if (left <= 0) return false
    left -= 1
    return random() < share
  }
}

class ActiveFault {
  hits = 0
  private readonly fails: () => boolean
  private readonly hangs: () => boolean
  private readonly meetsPortal: () => boolean
  private readonly drops: () => boolean

  constructor(
    readonly fault: Fault,
    private readonly setAt: number,
  ) {
    this.fails = drawer(fault.fail)
    this.hangs = drawer(fault.hang)
    this.meetsPortal = drawer(fault.portal)
    this.drops = drawer(fault.drop)
  }

  fits({ operation, origin, agent, waits }: Subject, now: number): boolean {
    const { fault } = this
    const age = now - this.setAt
    const begin = fault.fromMs ?? 0
    if (age < begin || age >= begin + (fault.forMs ?? Infinity)) return false
    const isMeant = fault.operation === undefined ? operation !== 'page' : [fault.operation].flat().includes(operation)
    if (!isMeant) return false
    if (fault.agent !== undefined && fault.agent !== agent) return false
    if (fault.waits !== undefined && fault.waits !== waits) return false
    if (fault.origin === undefined) return true
    if (fault.origin === 'extension') return isExtension(origin)
    if (fault.origin === 'page') return !isExtension(origin)
    return fault.origin.test(origin ?? '')
  }

  fate(): Fate {
    const { fault } = this
    const hang = this.hangs()
    const portal = this.meetsPortal()
    const drop = this.drops()
    const fail = fault.fail && this.fails() ? fault.fail : undefined
    const workMs = fault.workMs ?? 0
    const delayMs = fault.delayMs ?? 0
    if (hang || portal || drop || fail || workMs || delayMs) this.hits += 1
    return {
      workMs,
      delayMs,
      hang,
      portal,
      error: fail && {
        cause: new ApiError(fail.code, fail.status ?? STATUS_OF[fail.code] ?? 400, 'A test has set this fault.'),
        applied: fail.applied ?? false,
      },
      drop: drop ? { applied: typeof fault.drop === 'object' && (fault.drop.applied ?? false) } : undefined,
    }
  }
}

/** The faults that tests set for requests. Faults of the network itself are in `Network`. */
export class Faults {
  private readonly active = new Set<ActiveFault>()

  set(fault: Fault): FaultHandle {
    const active = new ActiveFault(fault, Date.now())
    this.active.add(active)
    return { hits: () => active.hits, clear: () => this.active.delete(active) }
  }

  /** Answers 403 to requests from an extension's own origin. Whether the real API does that is not known. */
  refuseExtensions(): FaultHandle {
    return this.set({ origin: 'extension', fail: { code: 'AccessDeniedException', status: 403 } })
  }

  clear(): void {
    this.active.clear()
  }

  /**
   * What happens to this request. The delays of several faults add up; of several errors or drops the first one counts.
   */
  fateOf(subject: Subject): Fate {
    const now = Date.now()
    const fates = [...this.active].filter((active) => active.fits(subject, now)).map((active) => active.fate())
    return {
      workMs: fates.reduce((sum, { workMs }) => sum + workMs, 0),
      delayMs: fates.reduce((sum, { delayMs }) => sum + delayMs, 0),
      hang: fates.some(({ hang }) => hang),
      portal: fates.some(({ portal }) => portal),
      error: fates.find(({ error }) => error)?.error,
      drop: fates.find(({ drop }) => drop)?.drop,
    }
  }
}
