/** Plays field checks on the stand-in's model of an instance, in virtual time. */
import type { ApiCall } from '../../../../src/background/field-check/callers'
import type { RunnerParts } from '../../../../src/background/field-check/runner'
import { FieldCheckRunner } from '../../../../src/background/field-check/runner'
import { pauseUntil } from '../../../../src/background/pause'
import type { FieldCheck, Subject } from '../../../../src/domain/field-check/check'
import type { Part } from '../../../../src/domain/field-check/steps'
import type { LogEntry } from '../../../../src/domain/log-entry'
import type { CcpDocument } from '../../../../src/domain/closes/ccp-document'
import { uuid } from '../../uuid'
import type { PlayedInstance } from './played-instance'

export const SUBJECT: Subject = {
  instance: 'acme.my.connect.aws',
  username: 'alice',
  docId: uuid('doc'),
  url: 'https://acme.my.connect.aws/ccp-v2/',
}

/** An open document of the agent, with the fields that the check uses. */
export function openDoc(openedAt: number, name = 'doc'): CcpDocument {
  const place = { tabId: 1, frameId: 0, ownCookies: true }
  const agent = { username: 'alice', name: 'Alice Example', state: { type: 'routable' }, contacts: [] }
  const doc = {
    ...SUBJECT,
    docId: uuid(name),
    place,
    agent,
    gone: null,
    orphanedAt: null,
    openedAt,
    protection: { status: 'protected' },
  }
  return doc as unknown as CcpDocument
}

/** One browser with a check in it. */
export class Play {
  stored: FieldCheck | null = null
  documents: CcpDocument[] = [openDoc(0)]
  /** The log, newest entry first. */
  entries: LogEntry[] = []
  opened = 0
  onOpen: () => void = () => undefined
  /** Called before each step is stored. */
  onSave: (check: FieldCheck) => void = () => undefined
  runner: FieldCheckRunner
  private isDead = { now: false }

  constructor(readonly instance: PlayedInstance) {
    this.runner = this.newRunner()
  }

  private newRunner(): FieldCheckRunner {
    const { instance } = this
    const dead = { now: false }
    this.isDead = dead
    const never = new Promise<never>(() => undefined)
    const parts: RunnerParts = {
      load: () => Promise.resolve(structuredClone(this.stored)),
      save: (check) => {
        if (dead.now) return never
        this.stored = structuredClone(check)
        this.onSave(check)
        return Promise.resolve()
      },
      forget: () => {
        this.stored = null
        return Promise.resolve()
      },
      now: () => Date.now(),
      pause: (ms, signal) => (dead.now ? never : pauseUntil(ms, signal).then(() => (dead.now ? never : undefined))),
      outsideOf: () => ({
        documents: () => Promise.resolve(this.documents),
        caller: (by) => {
          if (dead.now) return never
          if (by === 'page' && this.documents.length === 0) return Promise.resolve(null)
          const caller = instance.caller(by)
          // A request that a worker has sent arrives, whatever happens to the worker.
          const heard = <T>(answer: Promise<T>): Promise<T> => answer.then((value) => (dead.now ? never : value))
          return Promise.resolve({
            authorize: () => heard(caller.authorize()),
            post: (call: ApiCall) => heard(caller.post(call)),
          })
        },
        probe: () => Promise.resolve(instance.findings()),
        frames: () => Promise.resolve([{ depth: 0, path: '/ccp-v2/' }]),
        headers: () => Promise.resolve(instance.headers()),
        entries: () => Promise.resolve(this.entries),
        openCcp: () => {
          this.opened += 1
          this.onOpen()
          return Promise.resolve()
        },
      }),
    }
    return new FieldCheckRunner(parts)
  }

  /** The worker dies at this point. */
  dead(): void {
    this.isDead.now = true
  }

  /** The worker dies, and another one starts, in the same run of the browser or in the next. */
  async dies(runId = 'run'): Promise<void> {
    this.dead()
    this.runner = this.newRunner()
    await this.runner.resume(runId)
  }

  /** Runs a part until the check rests. */
  async part(part: Part): Promise<FieldCheck> {
    expect(await this.runner.start(SUBJECT, part, 'run')).toBe(true)
    return this.toEnd()
  }

  async toEnd(minutes = 30): Promise<FieldCheck> {
    await this.until(() => this.stored?.status === 'resting', minutes)
    const { stored } = this
    if (stored === null) throw new Error('No check')
    return stored
  }

  async until(is: () => boolean, minutes = 5): Promise<void> {
    for (let left = minutes * 120; left > 0 && !is(); left -= 1) await jest.advanceTimersByTimeAsync(500)
    expect(is()).toBe(true)
  }
}

/** At most one call per second, no two refusals in a row, and nothing that affects a contact or ends a session. */
export function obeysItsRules({ calls }: PlayedInstance): void {
  const inOrder = [...calls].sort((a, b) => a.at - b.at)
  for (const [nth, { at }] of inOrder.entries()) {
    const next = inOrder[nth + 1]
    if (next !== undefined) expect(next.at - at).toBeGreaterThanOrEqual(1_000)
  }
  const refusals = calls.map(({ status }) => status === 403)
  expect(refusals.some((refused, nth) => refused && refusals[nth + 1] === true)).toBe(false)
  const allowed = [
    'authorize',
    'GetAgentConfiguration',
    'GetAgentSnapshot',
    'GetAgentStates',
    'GetRoutingProfileQueues',
  ]
  const made = new Set(calls.map(({ operation }) => operation))
  expect([...made].sort()).toEqual([...allowed, 'PutAgentState'].sort())
}
