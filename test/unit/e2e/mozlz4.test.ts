import { plain } from '../../e2e/mozlz4'

const HEADER = [...Buffer.from('mozLz40\0'), 0, 0, 0, 0]
const block = (...bytes: (number | string)[]): Buffer =>
  Buffer.from([...HEADER, ...bytes.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : [part]))])

test('a file of another kind is returned unchanged', () => {
  expect(plain(Buffer.from('connect/ccp'))).toBe('connect/ccp')
})

test('a back-reference repeats earlier text', () => {
  // 15 + 1 literals, then 4 + 4 from 16 back; then the last 3 literals.
  expect(plain(block(0xf4, 1, 'connect/login;x/', 16, 0, 0x30, 'ccp'))).toBe('connect/login;x/connect/ccp')
})

test('a repetition may overlap itself, and be long', () => {
  // 1 literal, then 4 + 15 + 255 + 26 from 1 back; then the last literal.
  expect(plain(block(0x1f, 'a', 1, 0, 255, 26, 0x10, 'b'))).toBe('a'.repeat(301) + 'b')
})

test('a truncated block is an error', () => {
  expect(() => plain(block(0x1f, 'a', 1))).toThrow('out of range')
})
