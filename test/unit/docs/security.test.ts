import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { materialsOf } from '../../../scripts/package/sbom'
import { apiPaths } from '../../../src/protocol/connect-api'
import lockfile from '../../../package-lock.json'
import { all, read, ROOT, tableRows } from './documents'

const SECURITY = read('docs/security.md')

/** The source of one world. */
function sourceOf(world: string): string {
  const folder = join(ROOT, 'src', world)
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(({ name }) =>
    name.endsWith('.ts'),
  )
  return entries.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8')).join('\n')
}

const OPERATION = /'(PutAgentState|(?:Get|List)\w+)'/g
const pathOf = (name: string): string => `GET ${apiPaths('x.my.connect.aws')[name as 'authorize' | 'logout'].slice(1)}`

/** The instance API calls of a world, by the names and paths in its source. */
function callsOf(world: string): string[] {
  const source = sourceOf(world)
  return [...new Set([...all(source, OPERATION), ...all(source, /\.(authorize|logout)\b/g).map(pathOf)])].sort()
}

describe('each call to the private API', () => {
  const rows = tableRows(SECURITY, 'call').map(([call = '', by = '']) => ({ call: call.replaceAll('`', ''), by }))
  const told = (who: string): string[] =>
    [...new Set(rows.filter(({ by }) => by === who).map(({ call }) => call))].sort()

  it('by the page is listed, and no other', () => {
    expect(told('the page')).toEqual(callsOf('page'))
    expect(told('Chromium, for the page')).toEqual(['PutAgentState'])
  })

  it('by the background is listed, and no other', () => {
    expect(told('the background')).toEqual(callsOf('background'))
  })

  it('is made by page and background only', () => {
    for (const world of ['content', 'popup', 'options', 'ui', 'storage', 'platform', 'domain'])
      expect([world, callsOf(world)]).toEqual([world, []])
  })
})

it('the bill of materials matches the lockfile', () => {
  const told = tableRows(SECURITY, 'package').map(([name, version, licence]) => ({ name, version, licence }))
  const bundled = materialsOf(lockfile).map(({ name, version, licence }) => ({ name: `\`${name}\``, version, licence }))
  expect(told).toEqual(bundled)
})
