import { MAX_ANSWER, readText } from '../../../src/protocol/read-text'

/** An answer in pieces, and how many of them were read. */
function answer(pieces: Iterable<Uint8Array>, length?: number): { response: Response; asked: () => number } {
  let asked = 0
  const all = pieces[Symbol.iterator]()
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const next = all.next()
        if (next.done === true) controller.close()
        else {
          asked += 1
          controller.enqueue(next.value)
        }
      },
    },
    { highWaterMark: 0 },
  )
  const headers = length === undefined ? {} : { 'Content-Length': String(length) }
  return { response: new Response(body, { headers }), asked: () => asked }
}
const KB64 = new Uint8Array(64 * 1024).fill(32)

test('an endless answer is read up to 1 MB, whatever its stated length', async () => {
  const endless = function* (): Generator<Uint8Array> {
    for (;;) yield KB64
  }
  const { response, asked } = answer(endless(), 2)
  expect(await readText(response)).toBeNull()
  expect(asked()).toBe(MAX_ANSWER / KB64.length + 1)
})

test('an answer of 1 MB is read completely, even if it claims to be longer', async () => {
  const { response } = answer(
    Array.from({ length: MAX_ANSWER / KB64.length }, () => KB64),
    10 * MAX_ANSWER,
  )
  expect(await readText(response)).toHaveLength(MAX_ANSWER)
})

test('a character split between two pieces stays one character', async () => {
  const bytes = new TextEncoder().encode('{"name":"Größe 日本"}')
  const { response } = answer([...bytes].map((byte) => Uint8Array.of(byte)))
  expect(await readText(response)).toBe('{"name":"Größe 日本"}')
})

test('an answer without a body is empty', async () => {
  expect(await readText(new Response(null, { status: 204 }))).toBe('')
})

test('an answer that breaks off is an error', async () => {
  const body = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) })
  await expect(readText(new Response(body))).rejects.toThrow('gone')
})
