import { idOf } from './matrix/cell'
import { readOptions, USAGE, type BenchOptions } from './options'
import { writeReport } from './report/write-report'
import { runMatrix } from './stage/run-matrix'

void main()

/** Runs the close matrix. No figure counts as a failure: the exit code is 1 only where no run could be made. */
async function main(): Promise<void> {
  const options = optionsOrUsage()
  if (options === null) return
  if (options.list) {
    for (const cell of options.cells) console.log(idOf(cell))
    return
  }
  const started = new Date()
  const { results, versions } = await runMatrix(options)
  await writeReport({ options, results, versions, started, ended: new Date() })
  if (results.every(({ trouble }) => trouble !== null)) process.exitCode = 1
}

function optionsOrUsage(): BenchOptions | null {
  const args = process.argv.slice(2)
  try {
    if (!args.includes('--help')) return readOptions(args)
    console.log(USAGE)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
    process.exitCode = 2
  }
  return null
}
