/** Records, targets and outboxes for the tests of fleet reporting. */
import type { FleetRecord } from '../../../../src/domain/fleet/record'
import type { Target } from '../../../../src/background/fleet/target'

export const T0 = 1_764_000_000_000

export function record(id: string, change: Partial<FleetRecord> = {}): FleetRecord {
  return {
    id,
    at: T0,
    observedAt: T0 + 5,
    event: 'ccp_signoff.close',
    severity: 'INFO',
    body: 'tab_closed: confirmed',
    attributes: {},
    isUrgent: false,
    ...change,
  }
}

export function target(change: Partial<Target> = {}): Target {
  return {
    endpoint: 'https://collector.example.com/v1/logs',
    protocol: 'protobuf',
    headers: {},
    resource: { 'service.name': 'ccp-signoff' },
    version: '1.2.3',
    ...change,
  }
}
