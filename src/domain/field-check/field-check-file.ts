/**
 * The file of a field check. The stand-in can play it as a world, since `world` has the measured axes: `npm start --
 * --world FILE`. Every field is chosen explicitly; no token, person's name, alias, id, ARN, status name or header value
 * is in it.
 */
import type { FieldCheck } from './check'
import { measuredWorld } from './measure'
import type { CallRecord, ChangeRecord, Observed } from './observations'
import type { Look } from './looks'
import { closeVerdict, verdictsOf } from './verdicts'

/** `VERSION` changes with every incompatible change of the format. */
export const FIELD_CHECK_FORMAT = 'ccp-signoff-field-check'
const VERSION = 1

export interface FileAbout {
  readonly extensionVersion: string
  /** The browser's name and major version. */
  readonly browser: string
}

/** The content of the file, which is shown and saved as JSON. */
export interface FieldCheckFile {
  /** The day of the check, as in 2026-11-29. */
  readonly day: string
  readonly extension: string
  readonly browser: string
  readonly [part: string]: unknown
}

/** Makes the file of a check. */
export function fieldCheckFile(check: FieldCheck, about: FileAbout): FieldCheckFile {
  const { observed } = check
  return {
    format: FIELD_CHECK_FORMAT,
    version: VERSION,
    // Only the day, so that the exact time cannot be used to find the agent in the instance's own records.
    day: new Date(check.startedAt).toISOString().slice(0, 10),
    extension: about.extensionVersion,
    browser: about.browser,
    parts: check.done,
    stopped: check.stopped,
    statusRestored: check.restored,
    world: measuredWorld(observed),
    verdicts: verdictsOf(observed).map(({ axis, value, verdict, meaning }) => ({ axis, value, verdict, meaning })),
    page: observed.page,
    frames: observed.frames,
    headers: observed.headers,
    answers: observed.form,
    tokenExpiration: observed.tokenExpiration,
    looks: looksPart(observed.looks),
    changes: observed.changes.map(changePart),
    closes: observed.closes.map((close) => ({ ...close, ...closeVerdict(close) })),
    calls: callsPart(observed),
  }
}

/**
 * The looks, each with the differences to the look before it, in ms: for instance how far the state's start has moved.
 */
function looksPart(looks: readonly Look[]): object[] {
  return looks.map((look, at) => {
    const before = looks[at - 1]
    return {
      ...lookPart(look),
      sinceLookBefore: apart(look.snapshotAt, before?.snapshotAt),
      startMoved: apart(look.startAt, before?.startAt),
      choiceMoved: apart(look.chosenAt, before?.chosenAt),
    }
  })
}

function lookPart({ kind, hasArn, tellsChoice, startAt, snapshotAt, chosenAt }: Look): object {
  return {
    kind,
    hasArn,
    tellsChoice,
    // Whole seconds in all recorded snapshots.
    inState: apart(snapshotAt, startAt),
    startAfterChoice: apart(startAt, chosenAt),
  }
}

function apart(later: number | null, earlier: number | null | undefined): number | null {
  return later === null || earlier === null || earlier === undefined ? null : Math.round(later - earlier)
}

function changePart({ look, ...change }: ChangeRecord, at: number, all: readonly ChangeRecord[]): object {
  const before = all[at - 1]
  const twice =
    change.to === 'offline_again' ? { choiceMoved: apart(look?.chosenAt ?? null, before?.look?.chosenAt) } : {}
  return { ...change, ...twice, look: look && lookPart(look) }
}

/** The calls, counted by caller, purpose and answer; `tookMs` is the average. */
function callsPart({ calls }: Observed): object[] {
  const keyOf = ({ by, for: what, status, error }: CallRecord): string => JSON.stringify([by, what, status, error])
  return [...new Set(calls.map(keyOf))].map((key) => {
    const same = calls.filter((call) => keyOf(call) === key)
    const [by, what, status, error] = JSON.parse(key) as [string, string, number | null, string | null]
    const tookMs = Math.round(same.reduce((sum, call) => sum + call.tookMs, 0) / same.length)
    return { by, for: what, status, error, times: same.length, tookMs }
  })
}
