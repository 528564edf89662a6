import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { until } from '../../test/browser/until'
import type { Received } from '../../test/collector/decode'

/** A log pipeline behind the collector. `write` passes a record on to it. */
export interface Pipeline {
  write(record: Received): void
  /**
   * Waits until `expected` lines have come out of the pipeline, and ends it.
   * @returns how many lines have come out
   * @throws Error where the pipeline did not route exactly the records of flags into their own file
   */
  close(expected: number): Promise<number>
}

/**
 * Starts syslog-ng, which takes JSON lines by TCP and parses
 * them. All go into one file, those of flags also into another.
 */
export async function startPipeline(): Promise<Pipeline> {
  const folder = mkdtempSync(join(tmpdir(), 'pipeline-'))
  const port = await freePort()
  const files = { all: join(folder, 'all.log'), flags: join(folder, 'flags.log') }
  const config = join(folder, 'syslog-ng.conf')
  writeFileSync(config, configOf(port, files))
  const program = spawn(
    'syslog-ng',
    [
      '--foreground',
      '--no-caps',
      '-f',
      config,
      '-R',
      join(folder, 'persist'),
      '-c',
      join(folder, 'ctl'),
      '-p',
      join(folder, 'pid'),
    ],
    { stdio: 'inherit' },
  )
  await once(program, 'spawn')
  const socket = await until('the pipeline to listen', () => tryConnect(port))
  let flags = 0
  return {
    write: (record) => {
      if (record.event.startsWith('ccp_signoff.flag.')) flags += 1
      socket.write(`${JSON.stringify(record)}\n`)
    },
    close: async (expected) => {
      socket.end()
      await until('all lines', () => linesOf(files.all) >= expected, { timeout: 120_000, every: 500 })
      await delay(0)
      const lines = linesOf(files.all)
      const routed = linesOf(files.flags)
      program.kill('SIGTERM')
      await once(program, 'exit')
      rmSync(folder, { recursive: true })
      if (routed !== flags) throw new Error(`${routed} records of flags came out of the pipeline, but ${flags} went in`)
      return lines
    },
  }
}

function configOf(port: number, { all, flags }: { all: string; flags: string }): string {
  return `@version: 3.38
options { stats-freq(0); log-msg-size(1048576); };
source s_collector { network(ip("127.0.0.1") port(${port}) transport("tcp") flags(no-parse) log-iw-size(10000)); };
parser p_json { json-parser(prefix(".otlp.")); };
filter f_flags { match("ccp_signoff.flag." value(".otlp.event") type(string) flags(prefix)); };
destination d_all { file("${all}" template("\${.otlp.event} \${MSG}\\n")); };
destination d_flags { file("${flags}" template("\${MSG}\\n")); };
log { source(s_collector); parser(p_json); destination(d_all); log { filter(f_flags); destination(d_flags); }; };
`
}

function linesOf(file: string): number {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return 0
  const bytes = readFileSync(file)
  let lines = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines += 1
  return lines
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function tryConnect(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}
