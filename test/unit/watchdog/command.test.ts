import { runCommand } from '../../../watchdog/src/command'
import { recordOf } from '../../../watchdog/src/record'
import { tellBy } from '../../../watchdog/src/tell'
import { MemoryTable } from '../../watchdog/memory-table'
import { aCase, T0 } from './build'

it('commands change the mode, release a brake and report the status; a schedule is not a command, and an invalid one does nothing', async () => {
  const table = new MemoryTable()
  await table.saveCase(aCase({ openedAt: T0 }))
  await table.saveCase(aCase({ agent: 'n:bob', openedAt: T0, outcome: 'back' }))
  expect(await runCommand(table, {}, T0)).toBeNull()
  expect(await runCommand(table, { command: 'mode', mode: 'off' }, T0)).toMatchObject({ fleet: { mode: 'off' } })
  expect(await runCommand(table, { command: 'release', scope: 'Lisboa' }, T0)).toMatchObject({
    fleet: { mode: 'off', releases: { Lisboa: T0 } },
    open: [{ agent: 'n:alice' }],
  })
  await expect(runCommand(table, { command: 'mode', mode: 'ACT' }, T0)).rejects.toThrow('Commands are')
  expect((await table.fleet()).mode).toBe('off')
  expect(await runCommand(table, { command: 'mode', mode: 'deployed' }, T0)).toMatchObject({ fleet: { mode: null } })
})

it('records name, since when, why, what was done, and a lower and an upper bound of the exposure', () => {
  const found = aCase({ outcome: 'set_offline', firstPutAt: T0 + 95_000, puts: 1 })
  expect(recordOf(found, 'set_offline', 'acme', T0 + 97_000)).toMatchObject({
    Body: `alice was set Offline by the watchdog, and Connect shows it (no heartbeat since ${new Date(T0).toISOString()})`,
    Outcome: 'set_offline',
    SecondsToOffline: 95,
    attributes: {
      'user.name': 'alice',
      'ccp_signoff.watchdog.reason': 'silent',
      'ccp_signoff.exposure.at_least_ms': 65_000,
      'ccp_signoff.exposure.at_most_ms': 95_000,
    },
  })
})

it('continues if a notice cannot be sent, and logs its text', async () => {
  const logged: object[] = []
  const tell = tellBy({
    instance: 'acme',
    log: (record) => logged.push(record),
    publish: () => Promise.reject(new Error('no topic')),
  })
  await tell.tellBrake('*', ['n:alice', 'n:bob'], T0)
  expect(logged).toMatchObject([
    { EventName: 'ccp_signoff.watchdog.brake' },
    { Body: 'A notice was not sent: Error: no topic', notice: expect.stringContaining('Silent: alice, bob') as string },
  ])
})
