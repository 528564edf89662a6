import type { LogEntry } from '../../domain/log-entry'
import { formatNumber } from '../../ui/format'
import { t, tCount } from '../../ui/i18n'
import { errorText } from '../../ui/ask'
import type { SaveFile } from '../../ui/save-file'
import { fileName } from '../../ui/save-file'
import { CSV_HEAD, csvLine } from './csv'
import { JSON_TAIL, jsonHead, jsonLine } from './json'
import type { LogSection } from './log-section'

export interface ExportPlaces {
  readonly csv: HTMLButtonElement
  readonly json: HTMLButtonElement
  /** A live region: what was saved. */
  readonly said: HTMLElement
}

/** Entries, a batch at a time. */
type Entries = AsyncIterable<readonly LogEntry[]>
/** A file in parts, and how many entries are in it so far. */
type Parts = AsyncIterable<{ readonly text: string; readonly count: number }>

/**
 * The buttons that save all entries that match the log's filter, shown or not. Entries are written as they are read: a long log
 * is never in memory as a whole.
 * @returns call it when what is shown has changed.
 */
export function logExport(
  { csv, json, said }: ExportPlaces,
  log: Pick<LogSection, 'isEmpty' | 'matching'>,
  saveFile: SaveFile,
  extensionVersion: string,
): () => void {
  let isSaving = false
  const run = async (extension: 'csv' | 'json', type: string, write: (entries: Entries, now: number) => Parts) => {
    if (isSaving) return
    const now = Date.now()
    const name = fileName('signoff-log', now, extension)
    const written: Blob[] = []
    let entries = 0
    isSaving = true
    said.textContent = t('logSaving')
    try {
      for await (const { text, count } of write(log.matching(), now)) {
        written.push(new Blob([text]))
        entries = count
      }
      saveFile(name, new Blob(written, { type }))
      said.textContent = t('logSaved', tCount('logCount', entries, formatNumber(entries)), name)
    } catch (error) {
      said.textContent = t('logNotSaved', errorText(error))
    } finally {
      isSaving = false
    }
  }
  csv.addEventListener('click', () => void run('csv', 'text/csv;charset=utf-8', csvParts))
  json.addEventListener('click', () => {
    void run('json', 'application/json', (entries, now) => jsonParts(entries, now, extensionVersion))
  })
  return () => {
    for (const button of [csv, json]) button.disabled = log.isEmpty()
    if (!isSaving) said.textContent = ''
  }
}

export async function* csvParts(entries: Entries): Parts {
  let count = 0
  yield { text: CSV_HEAD, count }
  for await (const batch of entries) {
    count += batch.length
    yield { text: batch.map(csvLine).join(''), count }
  }
}

export async function* jsonParts(entries: Entries, now: number, version: string): Parts {
  let count = 0
  yield { text: jsonHead(now, version), count }
  for await (const batch of entries) {
    const first = count
    count += batch.length
    yield { text: batch.map((entry, index) => jsonLine(entry, first + index === 0)).join(''), count }
  }
  yield { text: JSON_TAIL, count }
}
