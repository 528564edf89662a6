/** Texts that a page or an instance chooses, made safe to show among the extension's own. */

/** Long enough for the names that organizations give. */
const MAX_LENGTH = 60

/** Line breaks, control characters, and characters that change the direction of the text or are invisible. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu

/** The text on one line, without characters that hide or reorder others, cut where it is too long for a name. */
export function foreignText(text: string): string {
  const plain = text.replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim()
  const letters = Array.from(plain)
  return letters.length > MAX_LENGTH ? `${letters.slice(0, MAX_LENGTH - 1).join('')}…` : plain
}
