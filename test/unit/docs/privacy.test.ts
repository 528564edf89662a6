import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { all, read, ROOT, tableRows } from './documents'

const SRC = join(ROOT, 'src')
const SOURCE = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter(({ name }) => name.endsWith('.ts'))
  .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
  .join('\n')

/** The names in code in the column “where”. */
const told = tableRows(read('docs/privacy.md'), 'what').flatMap(([, where = '']) => all(where, /`([^`]+)`/g))

it('lists every place where something is stored, by its name in the code', () => {
  const keys = all(SOURCE, /\b(?:[A-Z]+_)?KEY = '([^']+)'/g)
  expect(keys.length).toBeGreaterThan(5)
  expect(keys.filter((key) => !told.includes(key))).toEqual([])
})

it('lists the mailbox, the lent tokens and the log', () => {
  expect(SOURCE).toContain("MAIL = 'mail:'")
  expect(SOURCE).toContain("PREFIX = 'token:'")
  expect(SOURCE).toContain("PREFIX = 'stored:'")
  const databases = ['ccp-signoff', 'ccp-signoff-log', 'ccp-signoff-outbox']
  expect(all(SOURCE, /NAME = '(ccp-signoff[\w-]*)'/g).sort()).toEqual(databases)
  for (const name of ['mail:…', 'token:…', 'stored:…', ...databases]) expect(told).toContain(name)
})

it('lists no key that the code does not have', () => {
  const areas = ['storage.local', 'storage.session', 'sessionStorage']
  const names = told.filter((name) => !areas.includes(name) && !name.endsWith('…'))
  expect(names.filter((name) => !SOURCE.includes(`'${name}'`))).toEqual([])
})
