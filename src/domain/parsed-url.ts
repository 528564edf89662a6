/**
 * An address in its parts, or null. Not by `URL.canParse`: once Node has compiled the caller, that calls
 * each address with a letter such as `ü` wrong (20.20), and the tests run there.
 */
export function parsedUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}
