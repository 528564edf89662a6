import { parsedUrl } from '../../../src/domain/parsed-url'

test('a URL has its parts, and any other text is null', () => {
  expect(parsedUrl('https://collector.example:4318/v1')?.host).toBe('collector.example:4318')
  expect([parsedUrl(''), parsedUrl('collector'), parsedUrl('https://')]).toEqual([null, null, null])
})

test('a host name with letters beyond ASCII is parsed every time', () => {
  for (let turn = 0; turn < 50_000; turn += 1) {
    if (parsedUrl('https://bücher.example/')?.hostname !== 'xn--bcher-kva.example') throw new Error(`turn ${turn}`)
  }
})
