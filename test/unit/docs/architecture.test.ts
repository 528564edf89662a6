/** The architecture document is short, and names existing files. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { all, read, ROOT } from './documents'

const PAGE = read('docs/architecture.md')
const FILES = ['src', 'test', 'scripts', 'watchdog'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => `/${folder}/${name}`),
)

test('it has at most 250 lines and four diagrams', () => {
  expect(PAGE.trimEnd().split('\n').length).toBeLessThanOrEqual(250)
  expect(all(PAGE, /^```(mermaid|text)$/gm).length).toBeLessThanOrEqual(4)
})

test('every source file that it names exists', () => {
  const named = all(PAGE, /`([a-z][a-z/-]*\.ts)`/g)
  expect(named.length).toBeGreaterThan(30)
  expect(named.filter((name) => !FILES.some((file) => file.endsWith(`/${name}`)))).toEqual([])
})
