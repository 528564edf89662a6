/** Only words of the glossary: what they replaced stays out of names, file names and sentences of `src` and `docs`. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { read, ROOT } from '../docs/documents'

/** Old words in names: each part of `camelCase`, `kebab-case` and `UPPER_CASE` counts. */
const IN_NAMES: Readonly<Record<string, string>> = {
  fence: 'late-request guard, guarded close',
  fences: 'guarded closes',
  ghost: 'unreachable',
  unheard: 'unconfirmed, unanswered',
  news: 'document event, change, announcement',
  told: 'sent, notified, reported',
  untold: 'unnotified',
  owe: 'restore',
  owed: 'to restore',
  undo: 'revert',
  undone: 'reverted',
  conclude: 'finalize',
  concluded: 'finalized',
  ending: 'known outcome',
  /** Dialogs may ask questions; the domain has steps. */
  question: 'next step',
  borne: 'taken over',
  supersede: 'take over',
  supersedes: 'takes over',
  verifier: 'checker',
  verification: 'check',
}

/** Old words in sentences. Some of the names above are plain English there. */
const IN_SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/\bfence[sd]?\b/i, 'late-request guard'],
  [/\bghosts?\b/i, 'unreachable'],
  [/\bunheard\b/i, 'unanswered'],
  [/\bnews\b/i, 'event, change'],
  [/\bow(?:e|es|ed)\b/i, 'to be restored'],
  [/\bconclud(?:e|es|ed|ing)\b/i, 'finalize'],
  [/\b(?:giv(?:es?|en|ing)|gave)(?: \w+)? back\b/i, 'restore'],
  [/\blast words\b/i, 'close report'],
  [/\blife[- ]?lines?\b/i, 'presence port'],
  [/\bdead man[’']?s switch/i, 'crash protection'],
  [/\bat stake\b/i, 'actionable'],
  [/\bhears? of\b/i, 'learns'],
  [/\bsees? to (?:it|them|their|its|the agent)\b/i, 'is responsible for'],
  [/\bwhoever\b/i, 'who, those who'],
  [/\banew\b/i, 'again'],
  [/\ball the same\b/i, 'nevertheless'],
  [/\bby chance\b/i, 'random'],
  [/\bof ours\b/i, "the extension's"],
  [/\bis none\b/i, 'is no ...'],
]

/** Names that cannot change any more, with the reason. */
const FROZEN: Readonly<Record<string, string>> = {
  undone: 'a step in log entries',
  given_back: 'a step in log entries',
  news: 'a field of what lies in the mailbox: an older version may have written it',
  unheardSince: 'a field of the stored state',
  isBorne: 'a field of the stored state of older versions',
  verification: 'a field of the stored state of older versions',
  isTold: 'a field of the stored acts of the watchdog',
  told: 'a key of the outbox, and a value in field-check files',
  notices_untold: 'a finding of the self-test, in support files',
  stepUndone: 'a key of the locales',
  findingNoticesUntold: 'a key of the locales',
  problem_settingsUntold: 'a key of the locales',
  awayToldTitle: 'a key of the locales',
  awayToldLocked: 'a key of the locales',
  awayToldIdle: 'a key of the locales',
  awayToldSlept: 'a key of the locales',
  watchdogToldBody: 'a key of the locales',
  healthNotTold: 'a key of the locales',
  healthNotToldHelp: 'a key of the locales',
  problem_startUnheard: 'a key of the locales',
}

/** Administrators, translators, the fleet and stored state know the crash protection by its old name. */
const SWITCH = /^(?:deadMansSwitch|dead_mans_switch|healthDeadMansSwitch)$/

/** Frozen names that may stand alone only where they are stored, sent or read. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  news: ['src/protocol/document-messages.ts', 'src/background/inbox.ts', 'src/content/background-link.ts'],
  told: ['src/storage/outbox-store.ts', 'src/domain/field-check/axes.ts', 'src/domain/field-check/measure.ts'],
}

const filesOf = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|html|css|md)$/.test(name))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)

const COMMENTS = /\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/.*$/gm

const partsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[\s_$#.-]+/)

/** Each old word in a name, with its replacement. */
function oldIn(name: string, path: string): string[] {
  const places = Object.hasOwn(ONLY_IN, name) ? ONLY_IN[name] : undefined
  const isFrozen = Object.hasOwn(FROZEN, name) && (places?.includes(path) ?? true)
  if (isFrozen || SWITCH.test(name)) return []
  const old = partsOf(name).filter(
    (part) => Object.hasOwn(IN_NAMES, part) && !(part === 'question' && !path.startsWith('src/domain/')),
  )
  if (/dead_?mans_?switch/i.test(name)) return [`${name}: crash protection`]
  return old.map((part) => `${name}: ${IN_NAMES[part] ?? ''}`)
}

/** The sentences of a text: the comments of code, or a document without code, addresses and quotations. */
function sentencesIn(path: string, text: string): string {
  if (!path.endsWith('.md')) return (text.match(COMMENTS) ?? []).join('\n').replace(/`[^`]*`/g, '')
  return text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`]*`|\]\([^)]*\)|"[^"]*"/g, '')
}

function oldWordsOf(path: string, text: string): string[] {
  const sentences = sentencesIn(path, text).replace(/\s+(?:\*|\/\/)?\s*/g, ' ')
  const inSentences = IN_SENTENCES.flatMap(([word, now]) => {
    const found = word.exec(sentences)?.[0]
    return found === undefined ? [] : [`"${found}": ${now}`]
  })
  const code = path.endsWith('.md') ? (text.match(/`[^`\n]+`/g) ?? []).join(' ') : text.replace(COMMENTS, '')
  const names = new Set(code.match(/[A-Za-z_$#][\w$-]*/g) ?? [])
  const inNames = [...names].flatMap((name) => oldIn(name, path))
  const inPath = path.split('/').flatMap((part) => oldIn(part.replace(/\.\w+$/, ''), ''))
  return [...inSentences, ...inNames, ...inPath]
}

test('no old word is left in src and docs', () => {
  const files = [...filesOf('src'), ...filesOf('docs')]
  expect(files.length).toBeGreaterThan(300)
  const found = files.flatMap((path) => oldWordsOf(path, read(path)).map((word) => `${path}: ${word}`))
  expect(found).toEqual([])
})

test.each([
  ['a name', 'src/domain/x.ts', 'const toldFlags = 1', ['toldFlags: sent, notified, reported']],
  ['a constant', 'src/domain/x.ts', 'const FENCE_MS = 1', ['FENCE_MS: late-request guard, guarded close']],
  ['a frozen key elsewhere', 'src/domain/x.ts', 'send({ news })', ['news: document event, change, announcement']],
  ['the policy key in another name', 'src/page/x.ts', '#deadMansSwitch()', ['#deadMansSwitch: crash protection']],
  ['a sentence', 'src/page/x.ts', '/** Its last\n * words. */', ['"last words": close report']],
  ['a phrase', 'src/page/x.ts', '// The page hears\n  // of it.', ['"hears of": learns']],
  ['a document', 'docs/x.md', 'The status is given\nback.', ['"given back": restore']],
  ['a file', 'src/page/return-fence.ts', '', ['return-fence: late-request guard, guarded close']],
])('an old word is found in %s', (_, path, text, found) => {
  expect(oldWordsOf(path, text)).toEqual(found)
})

test.each([
  ['a log value', 'src/ui/words.ts', "undone: 'stepUndone'"],
  ['the policy key', 'src/domain/settings.ts', 'deadMansSwitch: true'],
  ['plain English', 'docs/x.md', 'What the script wrote has to be undone by hand, as people are told.'],
])('%s may stay', (_, path, text) => {
  expect(oldWordsOf(path, text)).toEqual([])
})
