/** @jest-environment jsdom */
import './hooks'
import * as fc from 'fast-check'
import * as v from 'valibot'
import { readContentMessage } from '../../../src/page/read-content-message'
import type { ContentMessage } from '../../../src/protocol/content-messages'
import { contentMessageSchema } from '../../../src/protocol/content-messages'
import { pageConfig, state, T0 } from '../domain/build'
import { uuid } from '../uuid'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

const FULL = pageConfig({
  guardedCloses: [{ closeId: uuid('close-1'), username: 'ada', count: 2, until: T0 }],
  statusRestore: {
    ...{ closeId: uuid('close-1'), username: 'ada', count: 1, until: T0 },
    state: { ...state('routable'), availability: { name: 'Available', since: T0 } },
  },
  fromStates: ['Lunch'],
  targetState: 'Gone home',
})
const MESSAGES: ContentMessage[] = [
  { type: 'configure', config: FULL },
  { type: 'configure', config: pageConfig() },
  { type: 'alive' },
  { type: 'leave_choice', choice: 'try_again' },
  { type: 'recover', closeId: uuid('close-1') },
  { type: 'set_offline', kind: 'locked' },
  { type: 'detach' },
]

test.each(MESSAGES)('a message of the content script ($type) is read unchanged', (message) => {
  expect(readContentMessage(JSON.stringify(message))).toEqual(message)
})

test('an unknown message type is refused, and so are the names of Object’s own members', () => {
  for (const type of ['eval', 'toString', '__proto__', 7, null]) {
    expect(readContentMessage(JSON.stringify({ type }))).toBeNull()
  }
})

/** A place within a value. */
type Path = readonly string[]
function paths(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at]
  return [at, ...Object.entries(value).flatMap(([key, part]) => paths(part, [...at, key]))]
}
function changed(value: unknown, [key, ...rest]: Path, to: unknown): unknown {
  if (key === undefined) return to
  if (Array.isArray(value))
    return value.map((part: unknown, index) => (String(index) === key ? changed(part, rest, to) : part))
  const parts = value as Record<string, unknown>
  return { ...parts, [key]: changed(parts[key], rest, to) }
}

test('it accepts exactly what the schema accepts', () => {
  const odd = fc.constantFrom<unknown>(
    ...[null, 0, -1, 1e300, 'x', '', 'a'.repeat(2_000), true, [], {}, { type: 'alive' }, 'routable', undefined],
  )
  const change = fc
    .constantFrom(...MESSAGES)
    .chain((message) => fc.tuple(fc.constant(message), fc.constantFrom(...paths(message)), odd, fc.boolean()))
  let taken = 0
  fc.assert(
    fc.property(change, ([message, path, to, isAdded]) => {
      const where = isAdded ? [...path.slice(0, -1), 'more'] : path
      const text = JSON.stringify(changed(message, where, to)) as string | undefined
      if (text === undefined) return
      const expected = v.safeParse(contentMessageSchema, JSON.parse(text))
      const read = readContentMessage(text)
      expect(read).toEqual(expected.success ? expected.output : null)
      if (read !== null) taken += 1
    }),
    { numRuns: 5_000 },
  )
  expect(taken).toBeGreaterThan(100)
})
