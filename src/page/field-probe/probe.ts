import { FIELD_PROBE } from '../../protocol/field-probe'
import { natives } from '../natives'
import { bag } from '../streams'
import type { Described } from './describe'
import { describe, endpointForm, expirationForm } from './describe'
import { watchParams } from './watch-params'

/** What is stored about the page's call of `initSharedWorker`: kinds alone. */
interface Started {
  readonly parameters: readonly Described[]
  readonly endpoint: string
  readonly expiration: string
  readonly pushes: boolean
}

/**
 * The probe of the field check: put into a CCP that the check opens for itself, and into no other. It reads, and sends
 * nothing; the background fetches what it has found, once the page has started.
 */
export function installProbe(): void {
  let started: Started | null = null
  watchParams((params) => {
    started = {
      parameters: describe(params),
      endpoint: endpointForm(params['endpoint'], location.origin),
      expiration: expirationForm(params['authTokenExpiration']),
      pushes: bag(params['longPollingOptions'])['allowLongPollingWebsocketOnlyMode'] === true,
    }
  })
  Object.defineProperty(window, FIELD_PROBE, {
    configurable: true,
    enumerable: false,
    value: () => natives.stringify(findings(started)),
  })
}

function findings(started: Started | null): object {
  const page = window as unknown as Readonly<Record<string, unknown>>
  const streams = page['connect'] ?? page['lily']
  const members = membersOf(streams)
  const core = membersOf(readable(streams, 'core'))
  const version = readable(streams, 'version')
  return {
    globals: ['connect', 'lily'].filter((name) => page[name] !== undefined),
    members: members.names,
    coreMembers: core.names,
    throwingMembers: members.throwing + core.throwing,
    streamsVersion: typeof version === 'string' ? version.slice(0, 32) : null,
    parameters: started?.parameters ?? null,
    endpoint: started?.endpoint ?? null,
    expiration: started?.expiration ?? null,
    pushes: started?.pushes ?? false,
    protocol: protocolOfPage(),
    unloadAllowed: unloadAllowed(),
  }
}

/** Own members of an object by name; reading one may throw. */
function membersOf(value: unknown): { names: string[]; throwing: number } {
  const names = Object.keys(bag(value)).slice(0, 1_000)
  const throwing = names.filter((name) => readable(value, name) === UNREADABLE).length
  return { names, throwing }
}

const UNREADABLE = Symbol('unreadable')

function readable(value: unknown, name: string): unknown {
  try {
    return bag(value)[name]
  } catch {
    return UNREADABLE
  }
}

/** The protocol by which this document was loaded. */
function protocolOfPage(): string | null {
  const [entry] = performance.getEntriesByType('navigation') as readonly Partial<PerformanceNavigationTiming>[]
  return entry?.nextHopProtocol ?? null
}

/** Whether Chromium would fire `unload` in this document; Firefox does not say. */
function unloadAllowed(): boolean | null {
  const { permissionsPolicy, featurePolicy } = document as unknown as Readonly<
    Record<string, { allowsFeature?: (feature: string) => boolean; features?: () => readonly string[] } | undefined>
  >
  const policy = permissionsPolicy ?? featurePolicy
  if (policy?.allowsFeature === undefined || policy.features?.().includes('unload') !== true) return null
  return policy.allowsFeature('unload')
}
