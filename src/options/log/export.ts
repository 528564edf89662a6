import type { LogEntry } from '../../domain/log-entry'
import { formatNumber } from '../../ui/format'
import { t, tCount } from '../../ui/i18n'
import { errorText } from '../../ui/ask'
import type { SaveFile } from '../../ui/save-file'
import { fileName } from '../../ui/save-file'
import { CSV_HEAD, csvLine } from './csv'
import type { LogItem } from './items'
import { JSON_TAIL, jsonHead, jsonLine } from './json'

/** So many entries are written between two breaths of the page. */
const SLICE = 500

export interface ExportPlaces {
  readonly csv: HTMLButtonElement
  readonly json: HTMLButtonElement
  /** A live region: what was saved. */
  readonly said: HTMLElement
}

/**
 * The buttons that save what the log shows, the filter and the order included.
 * @param shown what that is; null until the log has been read.
 * @returns to be called when it has changed.
 */
export function logExport(
  { csv, json, said }: ExportPlaces,
  shown: () => readonly LogItem[] | null,
  saveFile: SaveFile,
  extensionVersion: string,
): () => void {
  const run = async (
    ending: 'csv' | 'json',
    write: (entries: readonly LogEntry[], now: number) => Promise<string[]>,
  ) => {
    const items = shown()
    if (items === null) return
    const now = Date.now()
    const name = fileName('signoff-log', now, ending)
    try {
      const type = ending === 'csv' ? 'text/csv;charset=utf-8' : 'application/json'
      saveFile(
        name,
        new Blob(
          await write(
            items.map(({ entry }) => entry),
            now,
          ),
          { type },
        ),
      )
      said.textContent = t('logSaved', tCount('logCount', items.length, formatNumber(items.length)), name)
    } catch (error) {
      said.textContent = t('logNotSaved', errorText(error))
    }
  }
  csv.addEventListener('click', () => void run('csv', csvParts))
  json.addEventListener('click', () => void run('json', (entries, now) => jsonParts(entries, now, extensionVersion)))
  return () => {
    const isNothing = (shown() ?? []).length === 0
    csv.disabled = isNothing
    json.disabled = isNothing
    said.textContent = ''
  }
}

export async function csvParts(entries: readonly LogEntry[]): Promise<string[]> {
  return [CSV_HEAD, ...(await inSlices(entries, csvLine))]
}

export async function jsonParts(entries: readonly LogEntry[], now: number, version: string): Promise<string[]> {
  const lines = await inSlices(entries, (entry, index) => jsonLine(entry, index === 0))
  return [jsonHead(now, version), ...lines, JSON_TAIL]
}

/** Writes many entries without holding up the page. */
async function inSlices(
  entries: readonly LogEntry[],
  write: (entry: LogEntry, index: number) => string,
): Promise<string[]> {
  const parts: string[] = []
  for (let from = 0; from < entries.length; from += SLICE) {
    if (from > 0) await new Promise((resolve) => setTimeout(resolve, 0))
    parts.push(
      entries
        .slice(from, from + SLICE)
        .map((entry, index) => write(entry, from + index))
        .join(''),
    )
  }
  return parts
}
