import type { Instance } from '../../test/instance/instance'
import type { Network } from '../matrix/cell'
import { roundTripOf } from '../matrix/cell'

/** How long the network is gone, and how long the instance throttles: what begins with the close has an end. */
export const GONE_MS = 10_000
const THROTTLED_MS = 3_000
const LATE_MS = 3_000

/** Everything is well, and quick: for what comes before a run, and after it. */
export function calm({ network, faults }: Instance): void {
  faults.clear()
  network.restore()
  network.roundTrip(0)
  network.reuseConnections(true)
}

/** The way to the instance, as it is when the agent has been at work for a while. */
export function prevail(instance: Instance, kind: Network): void {
  instance.network.roundTrip(roundTripOf(kind))
  if (kind !== 'cold') return
  instance.network.reuseConnections(false)
  instance.closeIdleConnections()
}

/** The last of the connections that were opened before the conditions prevailed: a long poll has been on them. */
export function leaveNoneIdle(instance: Instance, kind: Network): void {
  if (kind === 'cold') instance.closeIdleConnections()
}

/** What goes wrong from the close on; returns how to call it off. */
export function strike(instance: Instance, kind: Network): () => void {
  const { network, faults } = instance
  switch (kind) {
    case 'warm':
    case 'cold':
      break
    case 'first-fails':
      faults.set({ operation: 'PutAgentState', fail: { first: 1, code: 'InternalServiceException' } })
      break
    case 'throttled':
      faults.set({ operation: API, forMs: THROTTLED_MS, fail: { code: 'ThrottlingException' } })
      break
    case 'late':
      faults.set({ operation: API, delayMs: LATE_MS })
      break
    case 'refused':
      faults.refuseExtensions()
      break
    case 'stale':
      instance.closeIdleConnections()
      break
    case 'gone': {
      network.cut()
      const timer = setTimeout(() => network.restore(), GONE_MS)
      return () => clearTimeout(timer)
    }
  }
  return () => undefined
}

const API = ['PutAgentState', 'GetAgentSnapshot', 'GetAgentConfiguration', 'GetAgentStates']
