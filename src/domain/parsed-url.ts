/**
 * An address in its parts, or null. Not by `URL.canParse`: in Node 20.20, where the tests run, its compiled version rejects every
 * address with a letter such as `ü`.
 */
export function parsedUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}
