import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const TESTS = join(__dirname, '..')

test('each file with properties sets a time limit, since the default one is for a single example', () => {
  const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'))
  const texts = files.map((file) => [file, readFileSync(join(TESTS, file), 'utf8')] as const)
  const withProperties = texts.filter(([, text]) => /\bfc\.(assert|check)\(/.test(text))
  expect(withProperties.length).toBeGreaterThan(20)
  const without = withProperties.filter(([, text]) => !/^jest\.setTimeout\(/m.test(text))
  expect(without.map(([file]) => file)).toEqual([])
})
