import fc from 'fast-check'
import { lossesOf, withinShare } from '../../../src/domain/share'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

test('a full store makes room at the cost of its largest user, oldest first', () => {
  const items = ['b0', ...Array.from({ length: 120 }, (_, nth) => `a${nth}`)]
  const kept = withinShare(items, 100, (item) => item.slice(0, 1))
  expect(kept).toHaveLength(100)
  expect(kept[0]).toBe('b0')
  expect(kept.slice(1)).toEqual(items.slice(22))
})

test('a user within an equal share loses nothing', () => {
  const items = fc.array(fc.record({ user: fc.constantFrom('a', 'b', 'c', 'd'), nth: fc.nat() }), { maxLength: 60 })
  fc.assert(
    fc.property(items, fc.nat(40), (all, max) => {
      const kept = withinShare(all, max, ({ user }) => user)
      expect(kept).toHaveLength(Math.min(all.length, max))
      expect(all.filter((item) => kept.includes(item))).toEqual(kept)
      const users = new Set(all.map(({ user }) => user))
      const count = (list: readonly { user: string }[], of: string): number =>
        list.filter(({ user }) => user === of).length
      for (const user of users) {
        if (count(all, user) <= Math.floor(max / users.size)) expect(count(kept, user)).toBe(count(all, user))
      }
    }),
  )
})

test('the largest user loses, one at a time, until there is room', () => {
  const counts = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat(30))
  fc.assert(
    fc.property(counts, fc.nat(80), (given, wanted) => {
      const all = new Map(Object.entries(given))
      const excess = Math.min(
        wanted,
        [...all.values()].reduce((sum, count) => sum + count, 0),
      )
      const left = new Map(all)
      for (let nth = 0; nth < excess; nth += 1) {
        const [largest] = [...left].reduce((a, b) => (b[1] > a[1] ? b : a))
        left.set(largest, (left.get(largest) ?? 0) - 1)
      }
      const lost = [...all].map(([user, count]) => [user, count - (left.get(user) ?? 0)] as const)
      expect(lossesOf(all, excess)).toEqual(new Map(lost.filter(([, count]) => count > 0)))
    }),
  )
})

test('within the largest user, its largest part loses', () => {
  const items = ['a/x', 'b/y', ...Array.from({ length: 20 }, () => 'b/z')].map((name, nth) => ({ name, nth }))
  const kept = withinShare(
    items,
    10,
    ({ name }) => name.slice(0, 1),
    ({ name }) => name,
  )
  expect(kept.map(({ nth }) => nth)).toEqual([0, 1, ...Array.from({ length: 8 }, (_, nth) => 14 + nth)])
})
