/** Finds words of a search in the dates and times of entries, without formatting each of them. */
import { dateText } from './entry-text'

/** Time zones differ by quarters of an hour: within one, the hour is the same. */
const QUARTER_MS = 15 * 60_000

/** The texts of a quarter of an hour: formatting a date takes microseconds, and a log has many. */
interface Quarter {
  /** That of its first moment. */
  readonly text: string
  /** The minute of its first moment. */
  readonly minute: number
  /** What stands before minute and second, and after them; null where the language does not write them as `:15:00`. */
  readonly around: readonly [string, string] | null
}
const quarters = new Map<number, Quarter>()

function quarterOf(at: number): Quarter {
  const from = Math.floor(at / QUARTER_MS) * QUARTER_MS
  const known = quarters.get(from)
  if (known !== undefined) return known
  const text = dateText(from)
  const minute = new Date(from).getMinutes()
  const [before = '', after, ...more] = text.split(clock(minute, 0))
  const quarter = { text, minute, around: after === undefined || more.length > 0 ? null : ([before, after] as const) }
  quarters.set(from, quarter)
  return quarter
}

/** The same as `dateText`: within a quarter, only minute and second differ. */
function quickText(at: number): string {
  const { minute, around } = quarterOf(at)
  if (around === null) return dateText(at)
  const seconds = Math.floor(at / 1_000) - Math.floor(at / QUARTER_MS) * (QUARTER_MS / 1_000)
  return around.join(clock(minute + Math.floor(seconds / 60), seconds % 60))
}

const clock = (minute: number, second: number): string => `:${twoDigits(minute)}:${twoDigits(second)}`
const twoDigits = (number: number): string => String(number).padStart(2, '0')

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
  if (DIGITS.test(word)) return (at) => quickText(at).includes(word)
  return (at) => quarterOf(at).text.includes(word)
}
