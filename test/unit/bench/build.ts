import type { LogEntry } from '../../../src/domain/log-entry'
import type { RunResult } from '../../../bench/judge/run-result'
import type { Account, Verdict } from '../../../bench/judge/truth'
import type { Cell } from '../../../bench/matrix/cell'
import { idOf } from '../../../bench/matrix/cell'

export const CLOSED_AT = 1_000_000

export const CELL: Cell = {
  browser: 'chromium',
  close: 'tab',
  network: 'warm',
  background: 'awake',
  cookies: 'persistent',
}

/** A successful close by alice: Offline after 60 ms, which the background confirmed after two seconds. */
export function entry(change: Partial<LogEntry> = {}): LogEntry {
  return {
    id: 'entry',
    at: CLOSED_AT + 10,
    instance: 'acme.awsapps.com',
    username: 'alice',
    agentName: 'Alice',
    surface: 'ccp-v1',
    framed: false,
    stateBefore: { arn: 'arn:available', type: 'routable', name: 'Available', startTimestamp: null },
    outcome: 'confirmed',
    evidence: 'asked',
    reason: null,
    error: null,
    cause: 'tab_closed',
    event: 'beforeunload',
    tookMs: 2_200,
    exposure: null,
    streamsVersion: null,
    extensionVersion: '0.1.0',
    timeline: [],
    ...change,
  }
}

export const request = (change: Partial<Account['record']['requests'][number]>) => ({
  operation: 'PutAgentState',
  alias: 'acme',
  agent: 'alice' as string | undefined,
  origin: 'https://acme.awsapps.com' as string | undefined,
  status: 200 as number | undefined,
  answeredAt: (CLOSED_AT + 60) as number | undefined,
  ...change,
})

export const OFFLINE = { alias: 'acme', agent: 'alice', type: 'offline', at: CLOSED_AT + 60 }
export const ASKED = request({
  operation: 'GetAgentSnapshot',
  origin: 'chrome-extension://signoff',
  answeredAt: CLOSED_AT + 2_190,
})

/** What the instance recorded of that close, and what the log says about it. */
export function account(change: Partial<Account> = {}): Account {
  return {
    close: 'tab',
    wasStopped: false,
    closedAt: CLOSED_AT,
    ccps: [{ alias: 'acme', username: 'alice' }],
    entries: [entry()],
    flags: [],
    accepted: [],
    record: { states: [OFFLINE], requests: [request({}), ASKED] },
    ...change,
  }
}

/** The verdict on that close. */
export const GOOD: Verdict = {
  entries: 1,
  truthful: 1,
  pending: 0,
  untruths: [],
  flagsTrue: true,
  flagged: false,
}

/** A successful run of the extension. */
export function result(change: Partial<RunResult> = {}): RunResult {
  return {
    cell: idOf(CELL),
    contender: 'signoff',
    run: 1,
    offlineMs: 60,
    offlineBy: 'close',
    mendedMs: null,
    goneMs: 50,
    log: {
      ...GOOD,
      told: [
        {
          outcome: 'confirmed',
          evidence: 'asked',
          reason: null,
          cause: 'tab_closed',
          event: 'beforeunload',
          tookMs: 2_200,
        },
      ],
      late: 0,
    },
    trouble: null,
    ...change,
  }
}
