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

/** Spreadsheets read a text that begins so as a formula (OWASP, CSV Injection), in its full width too. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/
/** Where the list separator is another one, a cell may begin within the text, whether that is in quotes or not. */
const FORMULA_WITHIN = /[;\t\r\n](?=\s*[=+\-@＝＋－＠])/g

/** How the file begins: Excel takes it for UTF-8 by its mark. */
export const CSV_HEAD = `\uFEFF${line(Object.keys(COLUMNS))}`

export function csvLine(entry: LogEntry): string {
  return line(Object.values(COLUMNS).map((value) => value(entry)))
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
