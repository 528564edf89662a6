/** Finds words of a search in the dates and times of entries, without formatting all of them where that can be known before. */
import { dateText } from './entry-text'

/** Time zones differ by quarters of an hour: within one, the hour is the same. */
const QUARTER_MS = 15 * 60_000

/** Formatting a date takes microseconds, and a log has many: each text is made once. */
const textsByTime = new Map<number, string>()
const textsByQuarter = new Map<number, string>()

function knownText(texts: Map<number, string>, key: number, at: number): string {
  const known = texts.get(key)
  if (known !== undefined) return known
  const text = dateText(at)
  texts.set(key, text)
  return text
}

const DIGITS = /\p{Nd}+/u

/** What stands between the digits of dates and times: names of months, parts of the day, and signs. */
let between: readonly string[] | null = null

function allBetween(): readonly string[] {
  const year = new Date().getFullYear()
  const days = Array.from({ length: 366 }, (_, day) => new Date(year, 0, 1 + day).getTime())
  const hours = Array.from({ length: 24 }, (_, hour) => new Date(year, 0, 1, hour).getTime())
  return [...new Set([...days, ...hours].flatMap((at) => dateText(at).split(DIGITS)))]
}

/** Tells whether the text of a time has a word in it; null for a word that no date has. */
export function dateTest(word: string): ((at: number) => boolean) | null {
  const known = (between ??= allBetween())
  const isPossible = word.split(DIGITS).every((part) => known.some((text) => text.includes(part)))
  if (!isPossible) return null
  if (DIGITS.test(word)) return (at) => knownText(textsByTime, at, at).includes(word)
  // Within a quarter of an hour only digits differ.
  return (at) => knownText(textsByQuarter, Math.floor(at / QUARTER_MS), at).includes(word)
}
