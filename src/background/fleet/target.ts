import { pairOf } from '../../domain/fleet/endpoint'
import type { Attributes } from '../../domain/fleet/record'
import type { Settings } from '../../domain/settings'
import type { OtlpProtocol } from '../../protocol/otlp'

/** Where records go, and how. */
export interface Target {
  readonly endpoint: string
  readonly protocol: OtlpProtocol
  /** Includes secrets: used for the request alone. */
  readonly headers: Readonly<Record<string, string>>
  readonly resource: Attributes
  readonly version: string
}

/** The attributes of the machine in each request. */
export interface MachineFacts {
  readonly version: string
  /** Random, and fixed for this browser profile. */
  readonly installationId: string
  /** `navigator.userAgent`. */
  readonly userAgent: string
  /** The browser's name for it: `win`, `mac`, `linux`. */
  readonly os: string
}

const OS_TYPES: Readonly<Record<string, string>> = { win: 'windows', mac: 'darwin' }

/** null where the settings name no collector. */
export function targetOf(settings: Settings, facts: MachineFacts): Target | null {
  if (settings.otlpEndpoint === '') return null
  return {
    endpoint: settings.otlpEndpoint,
    protocol: settings.otlpProtocol,
    headers: Object.fromEntries(settings.otlpHeaders.map(pairOf)),
    resource: {
      'service.name': 'ccp-signoff',
      'service.version': facts.version,
      'service.instance.id': facts.installationId,
      'user_agent.original': facts.userAgent,
      'os.type': OS_TYPES[facts.os] ?? facts.os,
      ...Object.fromEntries(settings.otlpResource.map(pairOf)),
    },
    version: facts.version,
  }
}
