/** The documents of the repository, and what their tests read out of Markdown. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(__dirname, '../../..')
export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** Every document that is written for people, by path. */
export const DOCUMENTS: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'test/instance/README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

export interface Section {
  readonly heading: string
  readonly text: string
}

/** The sections of a document under the headings of a level, each up to the next heading of any level. */
export function sections(text: string, level: number): Section[] {
  const parts = text.split(/^(#+ .*)$/m)
  return parts.flatMap((part, index) => {
    const heading = new RegExp(`^#{${level}} (.*)$`).exec(part)?.[1]
    return heading === undefined ? [] : [{ heading, text: parts[index + 1] ?? '' }]
  })
}

/** The section whose heading is one piece of code, such as a permission's name. */
export const sectionOf = (text: string, code: string): string | undefined =>
  sections(text, 3).find(({ heading }) => heading === `\`${code}\``)?.text

/** The first group of each match of a pattern. */
export const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found)

/** The cells of a table's rows, without its head; the table is the one whose head begins with `firstHead`. */
export function tableRows(text: string, firstHead: string): string[][] {
  const lines = text.split('\n')
  const head = lines.findIndex((line) => cellsOf(line)[0] === firstHead)
  if (head === -1) return []
  const body = lines.slice(head + 2)
  const end = body.findIndex((line) => !line.startsWith('|'))
  return body.slice(0, end === -1 ? undefined : end).map(cellsOf)
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\||\|\s*$/g, '')
    .split('|')
    .map((cell) => cell.trim())
}
