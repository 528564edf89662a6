/** Commands from people, who invoke the sweep function with a command as its event. */
import * as v from 'valibot'
import type { Case, Fleet } from './decide/rows'
import type { Table } from './table'

const COMMAND = v.variant('command', [
  /** `off` is the kill switch; `deployed` returns to the mode of the deployment. */
  v.object({ command: v.literal('mode'), mode: v.picklist(['observe', 'act', 'off', 'deployed']) }),
  /** Releases the storm brake of a site, or of the fleet (`*`). Each agent is looked at again before Offline is set. */
  v.object({ command: v.literal('release'), scope: v.string() }),
  v.object({ command: v.literal('status') }),
])

export interface CommandAnswer {
  readonly fleet: Fleet
  /** The cases without an outcome. */
  readonly open: readonly Case[]
}

/**
 * Carries out a command, and returns the state after it; null if
 * the event is no command. Throws where a command is invalid.
 */
export async function runCommand(table: Table, event: unknown, now: number): Promise<CommandAnswer | null> {
  if (typeof event !== 'object' || event === null || !('command' in event)) return null
  const read = v.safeParse(COMMAND, event)
  if (!read.success) {
    throw new Error(
      'Commands are {"command":"mode","mode":"observe|act|off|deployed"}, {"command":"release","scope":"SITE or *"} ' +
        'and {"command":"status"}.',
    )
  }
  const { output: command } = read
  if (command.command === 'mode') await table.saveCommand({ mode: command.mode === 'deployed' ? null : command.mode })
  if (command.command === 'release') {
    const { releases } = await table.fleet()
    await table.saveCommand({ releases: { ...releases, [command.scope]: now } })
  }
  const { cases } = await table.all(now)
  return { fleet: await table.fleet(), open: cases.filter(({ outcome }) => outcome === null) }
}
