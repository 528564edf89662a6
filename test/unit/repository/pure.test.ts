/** Deciding code is pure: lint refuses each clock, timer and source of randomness there, in every form. */
import { spawnSync } from 'node:child_process'
import { ROOT } from '../docs/documents'

const IMPURE = [
  'Date.now()',
  "Date['now']()",
  'new Date()',
  'Date()',
  '[Date]',
  '((clock = Date) => clock)()',
  'performance.now()',
  'Temporal.Now.instant()',
  'Math.random()',
  'crypto.randomUUID()',
  'crypto.getRandomValues(new Uint8Array(1))',
  'setTimeout(() => undefined, 1)',
  'setInterval(() => undefined, 1)',
  'clearTimeout(1)',
  'queueMicrotask(() => undefined)',
  'requestAnimationFrame(() => undefined)',
  'AbortSignal.timeout(1)',
  'globalThis.setTimeout',
  "fetch('https://example.com')",
  'new WebSocket(x)',
  'localStorage.length',
  'navigator.onLine',
  'process.hrtime()',
]
const PURE = ["Date.parse('2026-11-27')", 'Date.UTC(2026, 10)', 'new Date(1).toISOString()', 'Math.max(1, 2)']

/**
 * Prints, for each file, the lines that its lint rules refuse. ESLint is an ES module, so it runs in its own process.
 */
const SCRIPT = `
  import { ESLint, Linter } from 'eslint'
  const { paths, lines } = JSON.parse(process.argv.at(-1))
  const linter = new Linter()
  const refused = await Promise.all(paths.map(async (path) => {
    const { rules } = await new ESLint().calculateConfigForFile(path)
    const names = ['no-restricted-globals', 'no-restricted-properties', 'no-restricted-syntax']
    const own = Object.fromEntries(names.flatMap((name) => (rules[name] === undefined ? [] : [[name, rules[name]]])))
    return lines.filter((line) => linter.verify(line, { rules: own }).length > 0)
  }))
  console.log(JSON.stringify(refused))`

test('lint keeps clocks, timers and randomness out of deciding code', () => {
  const paths = ['src/domain/clock.ts', 'src/protocol/shapes.ts', 'watchdog/src/decide/brake.ts']
  const input = JSON.stringify({ paths, lines: [...IMPURE, ...PURE] })
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', SCRIPT, input], { cwd: ROOT, encoding: 'utf8' })
  if (run.status !== 0) throw new Error(run.stderr)
  expect(JSON.parse(run.stdout)).toEqual(paths.map(() => IMPURE))
}, 60_000)
