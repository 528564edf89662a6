import type { Heartbeat } from '../../../src/protocol/heartbeat'
import { DEFAULT_OPTIONS } from '../../../watchdog/src/decide/options'
import type { Case, MachineRow } from '../../../watchdog/src/decide/rows'
import type { Sight } from '../../../watchdog/src/decide/sight'
import type { Circumstances } from '../../../watchdog/src/decide/step'

export const T0 = Date.UTC(2026, 10, 27, 9)
export const INTERVAL = 30_000

export function heartbeat(values: Partial<Heartbeat> = {}): Heartbeat {
  return {
    version: 1,
    machine: 'machine-a',
    seq: 1,
    instance: 'acme.my.connect.aws',
    agent: 'n:alice',
    intervalMs: INTERVAL,
    isAvailable: true,
    state: { name: 'Available', since: T0 - 60_000 },
    ccps: 1,
    flag: null,
    isObserved: false,
    site: '',
    ...values,
  }
}

export function row(heardAt: number, values: Partial<Heartbeat> = {}): MachineRow {
  return { heartbeat: heartbeat(values), heardAt, act: null }
}

/** A case of Alice, last heard from at T0. */
export function aCase(values: Partial<Case> = {}): Case {
  return {
    id: `n:alice/${T0}`,
    agent: 'n:alice',
    machine: 'machine-a',
    site: '',
    reason: 'silent',
    closeId: null,
    since: T0,
    intervalMs: INTERVAL,
    isObserved: false,
    openedAt: T0 + 90_000,
    waiting: 'look',
    waitingSince: T0 + 90_000,
    userId: 'alice-id',
    firstPutAt: null,
    lastPutAt: null,
    puts: 0,
    notified: [],
    outcome: null,
    endedAt: null,
    ...values,
  }
}

/** Alice as Connect shows her: Available since a minute before T0, without a contact. */
export function sight(values: Partial<Sight> = {}): Sight {
  return {
    type: 'ROUTABLE',
    since: T0 - 60_000,
    isOfflineNext: false,
    contacts: [],
    routingProfile: 'profile-1',
    ...values,
  }
}

/** Act mode, no brake, heartbeats proven, 95 s after T0. */
export function circumstances(values: Partial<Circumstances> = {}): Circumstances {
  return { mode: 'act', options: DEFAULT_OPTIONS, isBraked: false, isProven: true, now: T0 + 95_000, ...values }
}
