/** Removes names, places and secrets from a text. Rather too much than too little. */

/** What must not be in a text, known by its form. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi, '[url]'],
  [/\barn:[^\s"'<>]+/gi, '[arn]'],
  [/[^\s"'<>@]+@[^\s"'<>@]+/g, '[address]'],
  [/(?:[\p{L}\p{N}_-]+\.)+\p{L}{2,}(?::\d+)?(?:\/[^\s"'<>]*)?/gu, '[address]'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '[address]'],
  [/(?:[0-9a-f]{0,4}:){3,}[0-9a-f.]+/gi, '[address]'],
  [/[?&][\w-]+=[^\s&"']+/g, '[query]'],
  [/\bbearer\s+[^\s"',;]+/gi, '[token]'],
  [/[\w-]*(?:token|cookie|authorization|secret|password|key)[\w-]*["']?\s*[:=]\s*["']?[^\s"',;]+/gi, '[token]'],
  [/\+?\d[\d ().-]{5,}\d/g, '[number]'],
]

/** A UUID, with its dashes or without. */
const ID = /[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}/gi

/** What may be a token: a long run of these characters that is not a word. */
const RUN = /[\w~+/=.-]{16,}/g

/** Longer texts are cut: an error says what matters in its first words. */
const MAX_LENGTH = 500

interface Range {
  readonly from: number
  readonly to: number
  readonly label: string
}

/** A known name, and what replaces it. */
export interface KnownName {
  readonly pattern: RegExp
  readonly label: string
}

/** The text without names, places and secrets. */
export function scrub(text: string, names: Iterable<KnownName>): string {
  const whole = text.normalize('NFC')
  const ranges: Range[] = []
  const add = (pattern: RegExp, label: string, isMeant: (found: string) => boolean = () => true) => {
    for (const { index, 0: found } of whole.matchAll(pattern)) {
      if (found !== '' && isMeant(found)) ranges.push({ from: index, to: index + found.length, label })
    }
  }
  // Where several are found in the same place, the first gives its label.
  for (const { pattern, label } of names) add(pattern, label)
  add(ID, '[id]')
  add(RUN, '[token]', looksRandom)
  for (const [pattern, label] of PATTERNS) add(pattern, label)
  return replaced(whole, ranges).slice(0, MAX_LENGTH)
}

/** Finds all in the original text: where they overlap, all of it is removed. */
function replaced(text: string, ranges: readonly Range[]): string {
  const inOrder = [...ranges].sort((a, b) => a.from - b.from || b.to - a.to)
  let result = ''
  let end = 0
  for (const { from, to, label } of inOrder) {
    if (from >= end) result += text.slice(end, from) + label
    end = Math.max(end, to)
  }
  return result + text.slice(end)
}

/** Short names match only whole words: otherwise most words would contain them. */
export function patternOf(name: string): RegExp {
  const escaped = name.normalize('NFC').replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  const isShort = /^[\p{Script=Latin}\p{N}]{1,3}$/u.test(name)
  return new RegExp(isShort ? `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])` : escaped, 'giu')
}

/** Words consist of runs of letters: `InvalidStateException`, `routing_profile_excluded`. */
function looksRandom(run: string): boolean {
  if (/[\d~+/=]/.test(run)) return true
  const words = run.split(/[_.-]|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/).filter(Boolean)
  return words.length === 0 || run.length / words.length < 4 || words.some((word) => word.length > 24)
}
