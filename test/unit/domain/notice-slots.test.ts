import fc from 'fast-check'
import { MAX_NOTICES, noticeSlots } from '../../../src/domain/notice-slots'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

const NONE: ReadonlySet<string> = new Set()

test('at most three slots, each claim in one place, and no instance takes all, in whatever order claims arrive', () => {
  const claims = fc.uniqueArray(fc.record({ id: fc.string(), instance: fc.constantFrom('a', 'b', 'c') }), {
    selector: ({ id }) => id,
  })
  fc.assert(
    fc.property(claims, fc.nat(20), (all, first) => {
      const before = noticeSlots(all.slice(0, first), NONE, NONE)
      const { own, summed } = noticeSlots(all, before.own, before.summed)
      expect(own.size).toBe(Math.min(MAX_NOTICES, all.length))
      expect([...own, ...summed].sort()).toEqual(all.map(({ id }) => id).sort())
      const held = new Set(all.filter(({ id }) => own.has(id)).map(({ instance }) => instance))
      const instances = new Set(all.map(({ instance }) => instance))
      expect(held.size >= Math.min(2, instances.size)).toBe(true)
      for (const id of before.summed) expect(summed.has(id)).toBe(true)
    }),
  )
})
