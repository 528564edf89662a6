import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AXES, AXIS_NAMES, RECORDED } from '../world/axes'
import { namedWorld, readWorld, worldSchema } from '../world/read-world'
import { worldFor } from '../world/world-file'

it('gives missing axes their recorded value', () => {
  expect(readWorld({ $schema: './world.schema.json', http: 'h2' })).toEqual({ ...RECORDED, http: 'h2' })
  expect(readWorld({})).toEqual(RECORDED)
})

it.each([
  [[], 'JSON object'],
  [null, 'JSON object'],
  ['recorded', 'JSON object'],
  [{ weather: 'fine' }, 'weather is not an axis'],
  [{ http: 'h3' }, 'http must be one of http/1.1, h2'],
  [{ http: null, puts: 'lost' }, 'puts must be one of applied, first-lost; http must be one of'],
])('reports the problem with %j', (json, words) => {
  expect(() => readWorld(json)).toThrow(words)
})

it('knows worlds by name, and every value of theirs is on an axis', () => {
  for (const name of ['recorded', 'worst']) expect(readWorld(namedWorld(name))).toEqual(namedWorld(name))
  expect(() => namedWorld('best')).toThrow('There is no world "best". The worlds are recorded, worst.')
})

describe('the world on a command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'worlds-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const file = (text: string): string => {
    const path = join(folder, 'world.json')
    writeFileSync(path, text)
    return path
  }

  it('is given by name or by file', () => {
    expect(worldFor('worst')).toEqual(namedWorld('worst'))
    expect(worldFor(file('{"http": "h2"}'))).toEqual({ ...RECORDED, http: 'h2' })
    expect(worldFor(file('{"version": 1, "world": {"http": "h2"}}'))).toEqual({ ...RECORDED, http: 'h2' })
  })

  it.each([
    ['{', 'world.json: '],
    ['{"http": "h3"}', 'world.json: This is not a world: http must be one of http/1.1, h2'],
  ])('is an error where the file has %s', (text, words) => {
    expect(() => worldFor(file(text))).toThrow(words)
  })

  it.each(['constructor', join(folder, 'elsewhere.json')])('is an error by the name %s', (name) => {
    expect(() => worldFor(name)).toThrow(`There is no world "${name}"`)
  })
})

it('has the committed schema', () => {
  const file = join(__dirname, '../world/world.schema.json')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(worldSchema())
})

it('states for each axis its recorded value, and how well that is known', () => {
  for (const name of AXIS_NAMES) {
    const { values, recorded, known } = AXES[name]
    expect(Object.keys(values)).toContain(recorded)
    expect(Object.keys(values).length).toBeGreaterThan(1)
    expect(['recorded', 'read', 'guessed']).toContain(known)
  }
})
