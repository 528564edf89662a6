import type { Machine } from '../../domain/fleet/coverage-records'
import type { CloseState } from '../../domain/closes/state'
import { isSecret, SETTING_KEYS } from '../../domain/settings'
import { hasHosts } from '../../platform/hosts'
import type { Outbox } from '../../storage/outbox-store'
import { readPolicy } from '../../storage/policy-store'
import { unreachedTabs } from '../ccp-tabs'
import { hashOf } from './identify'

/** This machine now, apart from its agents, with its settings and the problems with those. */
export async function machineNow(
  state: CloseState,
  outbox: Outbox,
): Promise<Omit<Machine, 'settings' | 'policyProblems'>> {
  const { state: policyState, values } = await readPolicy()
  const { count: waiting } = await outbox.waiting()
  const { dropped, rejected } = await outbox.ledger()
  return {
    policyState,
    policyHash: Object.keys(values).length === 0 ? '' : await policyHash(values),
    hostsGranted: await hasHosts(),
    unreachedTabs: await unreachedTabs(state),
    outbox: { waiting, dropped, rejected },
  }
}

const HASH_LENGTH = 16

/** Distinguishes two policies, secrets left out: a hash must not let anybody try secrets. */
async function policyHash(values: Readonly<Record<string, unknown>>): Promise<string> {
  const secrets: readonly string[] = SETTING_KEYS.filter(isSecret)
  const open = Object.entries(values).filter(([key]) => !secrets.includes(key))
  return (await hashOf(JSON.stringify(open.sort(([a], [b]) => (a < b ? -1 : 1))))).slice(0, HASH_LENGTH)
}
