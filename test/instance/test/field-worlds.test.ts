import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FIELD_AXES } from '../../../src/domain/field-check/axes'
import { AXES, AXIS_NAMES, RECORDED, valuesOf } from '../world/axes'
import { committedWorlds } from '../../e2e/worlds/committed'
import { FIELD_FOLDER, measuredWorlds } from '../world/measured-worlds'
import { readWorld } from '../world/read-world'

it('the field check measures the axes of a world, each with the same values', () => {
  const played = Object.fromEntries(AXIS_NAMES.map((name) => [name, valuesOf(name).sort()]))
  const measured = Object.fromEntries(Object.entries(FIELD_AXES).map(([name, values]) => [name, [...values].sort()]))
  expect(measured).toEqual(played)
})

it('the file of a field check is read as its world, and what was not measured is as recorded', () => {
  const world = { http: 'h2', puts: 'first-lost' }
  expect(readWorld({ format: 'ccp-signoff-field-check', version: 1, world })).toEqual({ ...RECORDED, ...world })
  expect(() => readWorld({ format: 'ccp-signoff-field-check', world: { http: 'h9' } })).toThrow(/http wants one of/)
  expect(() => readWorld({ format: 'ccp-signoff-field-check' })).toThrow('A world is a JSON object.')
  expect(Object.keys(AXES)).toContain('http')
})

describe('a folder of files that were sent to us', () => {
  const folder = mkdtempSync(join(tmpdir(), 'field-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  beforeEach(() => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name))
  })
  const put = (name: string, json: object): void => writeFileSync(join(folder, name), JSON.stringify(json))
  const file = (world: object) => ({ format: 'ccp-signoff-field-check', version: 1, world })

  it('gives a world for each, by its name', () => {
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
    [file({ http: 'h9' }), 'a.json: This is not a world: http wants one of'],
    [{ ...file({}), agent: 'arn:aws:connect:eu-central-1:1:agent/a' }, 'a.json: It has an ARN, an address or an id.'],
  ])('says of %j what is wrong with it', (json, words) => {
    put('a.json', json)
    expect(() => measuredWorlds(folder)).toThrow(words)
  })
})

it('each file of the project’s own folder is read, and its world is one of those that the stories play', () => {
  const names = readdirSync(FIELD_FOLDER).filter((name) => name !== 'README.md')
  const measured = measuredWorlds()
  expect(measured.map(({ name }) => name)).toEqual(names.sort())
  expect(committedWorlds()).toEqual(expect.arrayContaining(measured))
})

it('the limits and the README say of each axis what rests on it, and whether a live instance has been measured', () => {
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
