/** How much of an answer is read, in bytes: the largest that is known, a list of 500 states, has a tenth of that. */
export const MAX_ANSWER = 1024 * 1024

/**
 * Reads an answer, and stops where it is longer than any that is expected: anybody in between may send one without an end, and
 * the stated length is not believed.
 * @returns null where the answer is longer than 1 MB. Rejects where it breaks off.
 */
export async function readBytes({ body }: Pick<Response, 'body'>): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = body?.getReader()
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.byteLength
    if (length > MAX_ANSWER) {
      reader.cancel().catch(() => undefined)
      return null
    }
    chunks.push(value)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}

/**
 * The same, as text.
 * @param newDecoder makes a decoder of UTF-8: in a page, one that the page has not changed.
 */
export async function readText(
  response: Pick<Response, 'body'>,
  newDecoder: () => TextDecoder = () => new TextDecoder(),
): Promise<string | null> {
  const bytes = await readBytes(response)
  return bytes && newDecoder().decode(bytes)
}
