/** @jest-environment jsdom */
import './hooks'
import * as fc from 'fast-check'
import { natives } from '../../../src/page/natives'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

const spoiled = [Array.prototype, Object.prototype, String.prototype, Number.prototype] as { toJSON?: unknown }[]
afterEach(() => spoiled.forEach((prototype) => delete prototype.toJSON))

test.each([
  [{ type: 'agent', contacts: [], list: ['a', 1, null, true], nested: { x: undefined, y: null } }],
  ['text "with" \\ and \n'],
  [null],
  [[[], [{}]]],
  [{ big: 1e21, not: Infinity }],
])('%p is serialized like JSON.stringify', (value) => {
  expect(natives.stringify(value)).toBe(JSON.stringify(value))
})

test('any JSON value is serialized like JSON.stringify', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => expect(natives.stringify(value)).toBe(JSON.stringify(value))))
})

test('a page that puts `toJSON` on every prototype does not change what is serialized', () => {
  const value = { contacts: [{ channel: 'voice' }], text: 'x', number: 5 }
  const plain = JSON.stringify(value)
  for (const prototype of spoiled) prototype.toJSON = () => 'spoiled'
  expect(natives.stringify(value)).toBe(plain)
})
