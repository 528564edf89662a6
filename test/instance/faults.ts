import { ApiError } from './model/errors'
import { seededRandom } from './seeded-random'

/** Which of the requests that fit are hit: the first so many, or a share drawn with a seeded random. */
export interface Chance {
  readonly first?: number
  readonly share?: number
  readonly seed?: number
}

/** Something to go wrong with requests. Without a condition it hits every API request. */
export interface Fault {
  /** API operations (`PutAgentState`), or `authorize`, `logout`, `websocket`; or `page`, which no other fault hits. */
  readonly operation?: string | readonly string[]
  /** Only requests with such an `Origin`. */
  readonly origin?: 'extension' | 'page' | RegExp
  readonly agent?: string
  /** Only requests that wait for a change, as those of Streams' worker do, or only those that do not. */
  readonly waits?: boolean
  /** Begins so long after it was set, and lasts so long. */
  readonly fromMs?: number
  readonly forMs?: number
  /** Answers with an error. With `applied` the request takes effect nevertheless: only the answer is wrong. */
  readonly fail?: Chance & { readonly code: string; readonly status?: number; readonly applied?: boolean }
  /** Takes so long before the request has its effect. */
  readonly workMs?: number
  /** Takes so long to answer, after the request had its effect; to go on with a page, after its first line. */
  readonly delayMs?: number
  /** Never answers, and has no effect. */
  readonly hang?: boolean | Chance
  /** Somebody on the way answers with a page of their own and status 200, as a captive portal does; it has no effect. */
  readonly portal?: boolean | Chance
  /** The connection breaks instead of an answer. With `applied` the request has had its effect. */
  readonly drop?: boolean | (Chance & { readonly applied?: boolean })
}

/** A fault in force. */
export interface FaultHandle {
  /** How many requests it has hit. */
  readonly hits: () => number
  readonly clear: () => void
}

/** What the faults in force make of one request. */
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

/** Whether a request comes from an extension, by its Origin. */
export const isExtension = (origin: string | undefined): boolean => /^(chrome|moz)-extension:\/\//.test(origin ?? '')

/** Decides request by request whether a chance hits. */
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
        cause: new ApiError(fail.code, fail.status ?? STATUS_OF[fail.code] ?? 400, 'A fault that a test has set.'),
        applied: fail.applied ?? false,
      },
      drop: drop ? { applied: typeof fault.drop === 'object' && (fault.drop.applied ?? false) } : undefined,
    }
  }
}

/** The faults that tests set on requests. Faults of the network itself are in `Network`. */
export class Faults {
  private readonly active = new Set<ActiveFault>()

  set(fault: Fault): FaultHandle {
    const active = new ActiveFault(fault, Date.now())
    this.active.add(active)
    return { hits: () => active.hits, clear: () => this.active.delete(active) }
  }

  /** Requests from an extension's own origin are answered 403. Whether the real API does that is not known. */
  refuseExtensions(): FaultHandle {
    return this.set({ origin: 'extension', fail: { code: 'AccessDeniedException', status: 403 } })
  }

  clear(): void {
    this.active.clear()
  }

  /** What becomes of this request: delays add up, the first error, hang or drop wins. */
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
