/** What Firefox writes before its LZ4 blocks; four bytes of length follow. */
const MAGIC = 'mozLz40\0'
const HEADER_BYTES = MAGIC.length + 4
const SHORTEST_MATCH = 4

/**
 * The content of a browser's session file as Latin-1. Firefox compresses its own (LZ4's block format), in which an
 * address appears whole only if nothing similar precedes it. @throws RangeError if the block is cut off.
 */
export function plain(file: Buffer): string {
  if (file.toString('latin1', 0, MAGIC.length) !== MAGIC) return file.toString('latin1')
  let at = HEADER_BYTES
  const next = (): number => file.readUInt8(at++)
  const lengthFrom = (nibble: number): number => {
    let length = nibble
    for (let more = nibble === 15 ? 255 : 0; more === 255; length += more) more = next()
    return length
  }
  let out = ''
  while (at < file.length) {
    const token = next()
    const literals = lengthFrom(token >> 4)
    out += file.toString('latin1', at, at + literals)
    at += literals
    // The last sequence has no match.
    if (at >= file.length) break
    const offset = file.readUInt16LE(at)
    at += 2
    const length = lengthFrom(token & 15) + SHORTEST_MATCH
    const start = out.length - offset
    // The repeated part may overlap with what is being written.
    for (let i = 0; i < length; i++) out += out.charAt(start + i)
  }
  return out
}
