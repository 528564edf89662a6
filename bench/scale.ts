/**
 * Measures what grows with use: `npm run bench -- --scale [--browser NAME]... [--json FILE] [--write-docs]`. The log
 * with 1,000, 20,000 and 100,000 entries in real browsers; the close state after 10,000 closes and with 20 CCPs; and a long
 * policy. It prints figures; none is a failure.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import type { BrowserName } from '../test/browser'
import { writeBenchmarkPage, writeRaw } from './report/write-report'
import type { LogTimes } from './scale/log'
import { measureLog, OPENINGS } from './scale/log'
import { measureState } from './scale/state'
import type { Scale } from './scale/table'
import { LOG_SIZES, scaleTables } from './scale/table'

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      scale: { type: 'boolean' },
      browser: { type: 'string', multiple: true, default: ['chromium', 'firefox'] },
      json: { type: 'string', default: join('out', 'scale.json') },
      'write-docs': { type: 'boolean', default: false },
    },
  })
  const started = new Date().toISOString()
  const log: Partial<Record<BrowserName, LogTimes[]>> = {}
  for (const browser of ['chromium', 'firefox'] as const) {
    if (!values.browser.includes(browser)) continue
    const times: LogTimes[] = []
    for (const entries of LOG_SIZES) {
      console.error(`${browser}, ${entries} entries`)
      times.push(await measureLog(browser, entries))
    }
    log[browser] = times
  }
  console.error('state')
  const state = await measureState()
  const scale: Scale = { started, processors: availableParallelism(), openings: OPENINGS, log, state }
  console.log(scaleTables(scale))
  mkdirSync(dirname(values.json), { recursive: true })
  writeFileSync(values.json, `${JSON.stringify(scale, null, 2)}\n`)
  if (!values['write-docs']) return
  await writeRaw('benchmark-scale.json', scale)
  await writeBenchmarkPage()
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
