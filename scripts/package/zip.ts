import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { zipSync } from 'fflate'

/** Files by their path in an archive, with `/` between folders. */
export type Files = Readonly<Record<string, Uint8Array>>

/** The earliest date that a ZIP can hold. ZIP stores local times, so this gives the same bytes in every time zone. */
const FIRST_DATE = new Date(1980, 0, 1)

/** Reads all files of a folder and its subfolders. */
export function filesIn(dir: string): Files {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name))
  return Object.fromEntries(paths.map((path) => [relative(dir, path).split(sep).join('/'), readFileSync(path)]))
}

/** A ZIP archive that depends only on the files' names and contents: fixed date, no permissions, sorted by name. */
export function zipOf(files: Files): Buffer {
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))
  return Buffer.from(zipSync(Object.fromEntries(sorted), { level: 9, mtime: FIRST_DATE, os: 0 }))
}
