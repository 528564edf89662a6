import type { Instance } from '../../test/instance/instance'
import { KEEP_ALIVE_MS } from '../../test/instance/instance'
import type { Network } from '../matrix/cell'
import { idleTimeoutOf, roundTripOf } from '../matrix/cell'

/** How long, from the close on, the network is gone, the API throttles, and the delay of its answers. */
export const GONE_MS = 10_000
const THROTTLED_MS = 3_000
const LATE_MS = 3_000

/** Ends all faults and delays, for what happens before and after a run. */
export function calm(instance: Instance): void {
  const { network, faults } = instance
  faults.clear()
  instance.closeIdleAfter(KEEP_ALIVE_MS)
  network.restore()
  network.roundTrip(0)
  network.reuseConnections(true)
}

/** Sets the network's conditions during an agent's work. */
export function prevail(instance: Instance, kind: Network): void {
  instance.network.roundTrip(roundTripOf(kind))
  instance.closeIdleAfter(idleTimeoutOf(kind) ?? KEEP_ALIVE_MS)
  if (kind === 'cold') instance.network.reuseConnections(false)
  // Idle ones from before would stay open.
  if (kind === 'cold' || idleTimeoutOf(kind) !== null) instance.closeIdleConnections()
}

/** In a cold cell, closes the last connections from before `prevail`, on which a long poll was still waiting then. */
export function leaveNoneIdle(instance: Instance, kind: Network): void {
  if (kind === 'cold') instance.closeIdleConnections()
}

/** Starts the trouble that begins with the close. Returns a function that cancels what is still to come. */
export function strike(instance: Instance, kind: Network): () => void {
  const { network, faults } = instance
  switch (kind) {
    case 'warm':
    case 'h2':
    case 'cold':
    case 'idle-10':
    case 'idle-60':
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
