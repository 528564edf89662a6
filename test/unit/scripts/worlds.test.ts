import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { joinSet } from '../../../scripts/worlds/joining'
import { optionsOf, USAGE } from '../../../scripts/worlds/options'
import { worldsIn } from '../../e2e/worlds/committed'
import { RECORDED, WORST, type World } from '../../instance/world/axes'

describe('the options of npm run worlds', () => {
  test('a world that fails joins the committed set unless the run is dry', () => {
    expect(optionsOf([])).toMatchObject({ play: 'random', joins: true, seed: 1, minutes: 10 })
    expect(optionsOf(['--dry-run'])).toMatchObject({ play: 'random', joins: false })
    expect(USAGE).toContain('--dry-run')
  })

  test.each([
    ['--committed', 'committed'],
    ['--field', 'field'],
    ['--cover', 'cover'],
  ])('%s plays nothing at random', (option, play) => {
    expect(optionsOf([option])).toMatchObject({ play })
  })

  test.each([
    ['both', [], ['chromium', 'firefox']],
    ['one', ['--browser', 'firefox'], ['firefox']],
  ])('%s browsers play', (_which, args, browsers) => {
    expect(optionsOf(args)).toMatchObject({ browsers })
  })

  test.each([[['--seed=-1']], [['--seed=x']], [['--minutes', '0']], [['--help']]])('%p asks for the usage', (args) => {
    expect(optionsOf(args)).toBeNull()
  })

  test('an option that is not known is an error: --add is the default now', () => {
    expect(() => optionsOf(['--add'])).toThrow(/--add/)
  })
})

describe('a world that joins the set', () => {
  const strange: World = { ...RECORDED, http: 'h2', puts: 'first-lost' }
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'worlds-'))
    file = join(folder, 'worlds.json')
    writeFileSync(file, '[\n  {"http":"h2"}\n]\n')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('stands at its end, with what differs from the recorded world', () => {
    joinSet(file, [strange], [RECORDED, WORST])
    expect(worldsIn(file).map(({ world }) => world)).toEqual([{ ...RECORDED, http: 'h2' }, strange])
    expect(readFileSync(file, 'utf8')).toBe('[\n  {"http":"h2"},\n  {"puts":"first-lost","http":"h2"}\n]\n')
  })

  test('is there once, however often it fails', () => {
    joinSet(file, [strange, strange], [RECORDED, WORST])
    joinSet(file, [strange], [RECORDED, WORST])
    expect(worldsIn(file)).toHaveLength(2)
  })

  test('is not one that the suite plays anyway', () => {
    joinSet(file, [RECORDED, WORST, { ...RECORDED, http: 'h2' }], [RECORDED, WORST])
    expect(readFileSync(file, 'utf8')).toBe('[\n  {"http":"h2"}\n]\n')
  })
})
