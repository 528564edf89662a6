/** The log as CSV: RFC 4180, UTF-8 with a byte-order mark, codes instead of words, times in ISO 8601 (UTC). */
import type { LogEntry } from '../../domain/log-entry'
import { isoTime } from './iso'

type Cell = string | number | boolean | null | undefined

const COLUMNS: Readonly<Record<string, (entry: LogEntry) => Cell>> = {
  at: ({ at }) => isoTime(at),
  id: ({ id }) => id,
  instance: ({ instance }) => instance,
  username: ({ username }) => username,
  agentName: ({ agentName }) => agentName,
  routingProfile: ({ routingProfile }) => routingProfile,
  label: ({ label }) => label,
  surface: ({ surface }) => surface,
  framed: ({ framed }) => framed,
  stateBefore: ({ stateBefore }) => stateBefore.name,
  stateBeforeType: ({ stateBefore }) => stateBefore.type,
  target: ({ target }) => target,
  outcome: ({ outcome }) => outcome,
  evidence: ({ evidence }) => evidence,
  reason: ({ reason }) => reason,
  would: ({ would }) => would,
  cause: ({ cause }) => cause,
  event: ({ event }) => event,
  tookMs: ({ tookMs }) => tookMs,
  exposureFrom: ({ exposure }) => isoTime(exposure?.from),
  exposureUntil: ({ exposure }) => isoTime(exposure?.until),
  exposureCertainty: ({ exposure }) => exposure?.certainty,
  errorType: ({ error }) => error?.type,
  errorMessage: ({ error }) => error?.message,
  streamsVersion: ({ streamsVersion }) => streamsVersion,
  extensionVersion: ({ extensionVersion }) => extensionVersion,
  timeline: ({ timeline }) =>
    timeline
      .map(({ at, event, detail }) => [isoTime(at), event, ...(detail === undefined ? [] : [`(${detail})`])].join(' '))
      .join('; '),
}

/**
 * Spreadsheets take text that begins with these for a formula (OWASP, CSV Injection), full-width forms included, even after
 * blanks, quotes and invisible characters.
 */
const SIGN = '[=+\\-@＝＋－＠﹢﹣﹦﹫]'
const UNSEEN = String.raw`[\s"'“”„«»\p{C}\p{Z}\p{M}]*`
const FORMULA = new RegExp(`^(?:[\\t\\r\\n]|${UNSEEN}${SIGN})`, 'u')
/** Where the list separator is not a comma, a cell may begin within the text, quoted or not. */
const FORMULA_WITHIN = new RegExp(`[;\\t\\r\\n|](?=${UNSEEN}${SIGN})`, 'gu')

/** The start of the file. By the byte-order mark Excel knows that it is UTF-8. */
export const CSV_HEAD = `\uFEFF${line(Object.keys(COLUMNS))}`

export function csvLine(entry: LogEntry): string {
  return line(Object.values(COLUMNS).map((value) => value(entry)))
}

/** A whole CSV file with a head and rows. */
export function csvFile(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return `\uFEFF${[head, ...rows].map(line).join('')}`
}

function line(cells: readonly Cell[]): string {
  return `${cells.map(cell).join(',')}\r\n`
}

function cell(value: Cell): string {
  const text = value === null || value === undefined ? '' : String(value)
  const within = text.replace(FORMULA_WITHIN, "$&'")
  const safe = FORMULA.test(text) ? `'${within}` : within
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
