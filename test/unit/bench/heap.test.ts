import * as fc from 'fast-check'
import { Heap } from '../../../bench/fleet/heap'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

test('returns everything in ascending order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 50 })), (numbers) => {
      const heap = new Heap<number>()
      for (const number of numbers) heap.push(number, number)
      const given: (number | undefined)[] = []
      while (heap.size > 0) {
        expect(heap.next).toBe([...numbers].sort((a, b) => a - b)[given.length])
        given.push(heap.pop())
      }
      expect(given).toEqual([...numbers].sort((a, b) => a - b))
      expect(heap.next).toBe(Infinity)
      expect(heap.pop()).toBeUndefined()
    }),
  )
})
