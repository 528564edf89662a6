import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FIELD_AXES } from '../../../src/domain/field-check/axes'
import { AXES, AXIS_NAMES, RECORDED, valuesOf } from '../world/axes'
import { committedWorlds } from '../../e2e/worlds/committed'
import { FIELD_FOLDER, measuredWorlds } from '../world/measured-worlds'
import { readWorld } from '../world/read-world'

it('the field check measures all axes of a world, with the same values', () => {
  const played = Object.fromEntries(AXIS_NAMES.map((name) => [name, valuesOf(name).sort()]))
  const measured = Object.fromEntries(Object.entries(FIELD_AXES).map(([name, values]) => [name, [...values].sort()]))
  expect(measured).toEqual(played)
})

it('the file of a field check is read as a world, in which unmeasured axes have their recorded value', () => {
  const world = { http: 'h2', puts: 'first-lost' }
  expect(readWorld({ format: 'ccp-signoff-field-check', version: 1, world })).toEqual({ ...RECORDED, ...world })
  expect(() => readWorld({ format: 'ccp-signoff-field-check', world: { http: 'h9' } })).toThrow(/http must be one of/)
  expect(() => readWorld({ format: 'ccp-signoff-field-check' })).toThrow('A world is a JSON object.')
  expect(Object.keys(AXES)).toContain('http')
})

describe('a folder of received files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'field-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  beforeEach(() => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name))
  })
  const put = (name: string, json: object): void => writeFileSync(join(folder, name), JSON.stringify(json))
  const file = (world: object) => ({ format: 'ccp-signoff-field-check', version: 1, world })

  it('gives a world for each file, sorted by name', () => {
    put('b.json', file({ http: 'h2' }))
    put('a.json', file({ puts: 'first-lost' }))
    writeFileSync(join(folder, 'README.md'), 'About them.')
    expect(measuredWorlds(folder)).toEqual([
      { name: 'a.json', world: { ...RECORDED, puts: 'first-lost' } },
      { name: 'b.json', world: { ...RECORDED, http: 'h2' } },
    ])
  })

  it.each([
    [{ http: 'h2' }, 'a.json: This is not the file of a field check.'],
    [file({ http: 'h9' }), 'a.json: This is not a world: http must be one of'],
    [{ ...file({}), agent: 'arn:aws:connect:eu-central-1:1:agent/a' }, 'a.json: It has an ARN, an address or an id.'],
  ])('reports the problem with %j', (json, words) => {
    put('a.json', json)
    expect(() => measuredWorlds(folder)).toThrow(words)
  })
})

it('every file in the project’s own folder can be read, and stories play its world', () => {
  const names = readdirSync(FIELD_FOLDER).filter((name) => name !== 'README.md')
  const measured = measuredWorlds()
  expect(measured.map(({ name }) => name)).toEqual(names.sort())
  expect(committedWorlds()).toEqual(expect.arrayContaining(measured))
})

it('the limits say what depends on each axis, and with the README, whether a live instance has been measured', () => {
  const text = (name: string): string => readFileSync(join(__dirname, '../../..', name), 'utf8').replace(/\s+/g, ' ')
  const limits = text('docs/limits.md')
  const table = limits.slice(limits.indexOf('| promise'), limits.indexOf('The [close matrix]'))
  for (const axis of AXIS_NAMES) expect(table.split(`\`${axis}\``)).toHaveLength(2)
  const isMeasured = measuredWorlds().length > 0
  expect(table.includes('none yet')).toBe(!isMeasured)
  expect(limits.includes('No file of a [field check](field-check.md) has come from a live instance yet')).toBe(
    !isMeasured,
  )
  expect(text('README.md').includes('what we promise rests on the stand-in alone')).toBe(!isMeasured)
})
