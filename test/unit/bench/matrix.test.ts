import { contendersOf, idOf, runsOf } from '../../../bench/matrix/cell'
import { CELLS, QUICK_CELLS } from '../../../bench/matrix/chosen'
import { cellsThatFit } from '../../../bench/matrix/choose'
import { shuffled } from '../../../bench/matrix/shuffle'
import { orderOfCells, turnsOf } from '../../../bench/matrix/turns'
import { readOptions } from '../../../bench/options'
import { RECORDED, WORST } from '../../instance/world/axes'
import { CELL } from './build'

const ids = (patterns: readonly string[]): string[] => cellsThatFit(CELLS, patterns).map(idOf)

describe('the cells', () => {
  it('have unique ids, and cover all closes, networks, backgrounds and cookies in both browsers', () => {
    const all = CELLS.map(idOf)
    expect(new Set(all).size).toBe(all.length)
    expect(new Set(all.flatMap((id) => id.split('/'))).size).toBe(2 + 10 + 11 + 2 + 2)
  })

  it('of a quick run are a subset', () => {
    const all = new Set(CELLS.map(idOf))
    expect(QUICK_CELLS.length).toBeLessThan(CELLS.length / 2)
    expect(QUICK_CELLS.map(idOf).filter((id) => !all.has(id))).toEqual([])
  })

  it('are selected by part of the id, by a pattern, or all', () => {
    expect(ids([])).toHaveLength(CELLS.length)
    expect(ids(['firefox/tab/gone'])).toEqual(['firefox/tab/gone/stopped/persistent'])
    expect(ids(['*/sigkill/*/session'])).toEqual([
      'chromium/sigkill/warm/awake/session',
      'firefox/sigkill/warm/awake/session',
    ])
    expect(ids(['tab/*'])).toEqual([])
    expect(ids(['.'])).toEqual([])
  })

  it('can be one that was left out of the product, by its full id', () => {
    expect(ids(['firefox/quit/gone/awake/session'])).toEqual(['firefox/quit/gone/awake/session'])
    expect(ids(['firefox/quit/gone/asleep/session'])).toEqual([])
  })
})

describe('the contenders', () => {
  it('include the raw request where it is the measure', () => {
    expect(contendersOf(CELL)).toContain('keepalive')
    expect(contendersOf({ ...CELL, network: 'cold' })).not.toContain('keepalive')
    expect(contendersOf({ ...CELL, close: 'sigkill' })).not.toContain('keepalive')
  })

  it('take turns in an order determined by the seed', () => {
    const turns = turnsOf(CELL, 4, 7)
    expect(turns).toEqual(turnsOf(CELL, 4, 7))
    expect(turns).not.toEqual(turnsOf(CELL, 4, 8))
    expect(
      turns
        .filter(({ contender }) => contender === 'signoff')
        .map(({ run }) => run)
        .sort(),
    ).toEqual([1, 2, 3, 4])
    expect(turns.filter(({ contender }) => contender === 'none')).toHaveLength(4)
  })

  it('include fewer runs without an extension where no page is awaited', () => {
    expect(runsOf('none', { ...CELL, close: 'sigkill' }, 4)).toBe(2)
    expect(runsOf('signoff', { ...CELL, close: 'sigkill' }, 4)).toBe(4)
  })
})

describe('the order', () => {
  const items = Array.from({ length: 20 }, (_, index) => index)

  it('contains the same items, in another order', () => {
    expect(shuffled(items, 1)).not.toEqual(items)
    expect(shuffled(items, 1).sort((a, b) => a - b)).toEqual(items)
    expect(shuffled([], 1)).toEqual([])
  })

  it('can put every item anywhere', () => {
    const first = new Set(Array.from({ length: 400 }, (_, seed) => shuffled([1, 2, 3, 4], seed)[0]))
    expect(first.size).toBe(4)
  })

  it('keeps the cells of a browser together', () => {
    const order = orderOfCells(CELLS, 3).map(({ browser }) => browser)
    expect(order.lastIndexOf('chromium')).toBeLessThan(order.indexOf('firefox'))
  })
})

describe('the arguments', () => {
  it('have defaults, with fewer runs for a quick look', () => {
    expect(readOptions([])).toMatchObject({ runs: 5, seed: 1, cells: CELLS, writeDocs: false })
    expect(readOptions(['--quick'])).toMatchObject({ runs: 2, cells: QUICK_CELLS })
    expect(readOptions(['--runs', '3', '--seed', '9', '--cell', 'quit']).cells).toHaveLength(2)
  })

  it('may name a world: over HTTP/2 there are no cells about connections with one request', () => {
    expect(readOptions([]).world).toEqual({ name: 'usual', world: RECORDED })
    const { world, cells } = readOptions(['--world', 'recorded'])
    expect(world).toEqual({ name: 'recorded', world: { ...RECORDED, http: 'h2' } })
    expect(cells.length).toBeGreaterThan(20)
    expect(cells.filter(({ network }) => network === 'cold' || network === 'stale')).toEqual([])
    expect(readOptions(['--world', 'worst']).world.world).toEqual(WORST)
  })

  it.each([
    [['--runs', '0']],
    [['--runs', 'many']],
    [['--seed', '1.5']],
    [['--cell', 'safari']],
    [['--what']],
    [['--world', 'best']],
    [['--world', 'worst', '--write-docs']],
  ])('are refused if invalid: %j', (args) => {
    expect(() => readOptions(args)).toThrow()
  })
})
