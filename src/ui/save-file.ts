import { h } from './dom'

/** Saves a file on the computer of the person who uses the page. */
export type SaveFile = (name: string, content: Blob) => void

/** Long enough for the slowest browser to have started the download, in ms. */
const BEGUN_MS = 60_000

/** Saves as a download: that needs no permission. */
export const saveFile: SaveFile = (name, content) => {
  const href = URL.createObjectURL(content)
  h('a', { href, download: name }).click()
  setTimeout(() => {
    URL.revokeObjectURL(href)
  }, BEGUN_MS)
}

/** A name that sorts by time, and that every file system takes. */
export function fileName(what: string, now: number, extension: string): string {
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')
  return `${what}-${time}Z.${extension}`
}
