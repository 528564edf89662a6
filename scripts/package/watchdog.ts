import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import * as v from 'valibot'
import { ACKNOWLEDGED, watchdogApp } from '../../watchdog/infra/app'
import { zipOf } from './zip'
import type { Files } from './zip'

const ROOT = join(__dirname, '../..')
const FUNCTIONS = ['ingest', 'sweep'] as const

/**
 * The watchdog's CloudFormation template, and the zip with the code of its functions, by file name. The same source
 * gives the same bytes.
 * @param template what `synthesized` returns
 */
export async function makeWatchdog(version: string, template = synthesized()): Promise<Files> {
  const built = await build({
    absWorkingDir: ROOT,
    entryPoints: Object.fromEntries(FUNCTIONS.map((name) => [name, `watchdog/src/lambda-${name}.ts`])),
    bundle: true,
    write: false,
    outdir: 'out',
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    // Lambda's runtime brings the AWS SDK. Without it, the zip is short enough to be read.
    external: ['@aws-sdk/*'],
    legalComments: 'inline',
  })
  const code = Object.fromEntries(
    built.outputFiles.map(({ path, contents }) => [path.split('/').at(-1) ?? path, Buffer.from(contents)]),
  )
  return {
    [`ccp-signoff-watchdog-${version}.zip`]: Buffer.from(zipOf(code)),
    [`ccp-signoff-watchdog-${version}.template.json`]: Buffer.from(`${JSON.stringify(template, null, 2)}\n`),
  }
}

const REPORT = v.object({
  pluginReports: v.array(v.object({ violations: v.array(v.object({ ruleName: v.string() })) })),
})

/**
 * Synthesizes the template.
 * @param acknowledged the findings of the template checks that are accepted
 * @throws Error that names the rules where a check finds anything else, even a warning.
 */
export function synthesized(acknowledged = ACKNOWLEDGED): object {
  const outdir = mkdtempSync(join(tmpdir(), 'watchdog-'))
  try {
    const { app, stack } = watchdogApp(outdir, acknowledged)
    const template = app.synth().getStackByName(stack.stackName).template as object
    const { pluginReports } = v.parse(REPORT, JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')))
    const found = pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName))
    if (found.length > 0) throw new Error(`The template does not pass: ${found.join(', ')}`)
    return template
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}
