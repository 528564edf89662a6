/** A look: checks all agents once, and does what is due. */
import type { Connect } from './connect'
import { brakesAfter, gatheringIn, isBraked, scopesOf, stormOf } from './decide/brake'
import type { Watched } from './decide/brake'
import { afterCanary, isIngestProven } from './decide/canary'
import { afterNotice, noticeOf } from './decide/notice'
import type { NoticeKind } from './decide/notice'
import type { Mode, Options } from './decide/options'
import type { Case, Fleet } from './decide/rows'
import type { Sight } from './decide/sight'
import { actOf, afterReturn, afterStep, beforePut, nextStep } from './decide/step'
import { caseOf, isBackOn, presenceOf, voicesOf } from './decide/suspicion'
import { Pacer } from './pacer'
import type { Table } from './table'

export interface SweepParts {
  readonly table: Table
  readonly connect: Connect
  /** Sends the watchdog's own heartbeat, by the path that machines use. Never rejects. */
  readonly canary: () => Promise<boolean>
  /** Reports a case to the log, and to people where `kind` is not null. Never rejects. */
  readonly tellCase: (found: Case, kind: NoticeKind | null, now: number) => Promise<void>
  /** Reports that a brake was put on, and which agents are in its storm. Never rejects. */
  readonly tellBrake: (scope: string, agents: readonly string[], now: number) => Promise<void>
  readonly options: Options
  /** The mode of the deployment. */
  readonly mode: Mode
  readonly slotMs: number
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
}

/** `taken`: another sweep has this slot. `nobody`: no agent is watched. */
export type LookResult = 'taken' | 'nobody' | 'looked'

/** The timeout of a call, in ms. No call begins in the last part of a slot that is as long. */
export const CALL_MS = 3_000
/** How long Connect usually takes to show a status that was set, in ms. */
const READ_BACK_MS = 2_000
const BATCH = 100
/** For an agent without a heartbeat for a day, whose last heartbeat was deleted. */
const FORGOTTEN = { do: 'end', outcome: 'unconfirmed' } as const

/** Looks, unless another sweep has this time slot. Throws where table or instance fail, after giving up the slot. */
export async function look(parts: SweepParts): Promise<LookResult> {
  const slot = Math.floor(parts.now() / parts.slotMs)
  const fleet = await parts.table.claim(slot)
  if (fleet === null) return 'taken'
  try {
    return await new Look(parts, fleet, slot).run()
  } catch (error) {
    await parts.table.release(slot)
    throw error
  }
}

class Look {
  private readonly pacer: Pacer
  private readonly deadline: number
  private fleet: Fleet
  private gathering: ReadonlySet<string> = new Set()

  constructor(
    private readonly parts: SweepParts,
    fleet: Fleet,
    slot: number,
  ) {
    this.fleet = fleet
    this.deadline = (slot + 1) * parts.slotMs - CALL_MS
    this.pacer = new Pacer(parts, parts.now(), this.deadline)
  }

  async run(): Promise<LookResult> {
    const { table, options } = this.parts
    const hasArrived = await this.parts.canary()
    const canary = afterCanary(this.fleet.canary, hasArrived, options, this.parts.now())
    this.fleet = { ...this.fleet, canary }
    await table.saveLook({ canary, brakes: this.fleet.brakes })
    const rows = await table.all(this.parts.now())
    const now = this.parts.now()
    const known = new Map(rows.cases.map((found) => [found.agent, found]))
    const voices = voicesOf(rows.machines)
    const watched: Watched[] = []
    const open: Case[] = []
    const over: Case[] = []
    for (const agent of new Set([...voices.keys(), ...known.keys()])) {
      const before = known.get(agent) ?? null
      const presence = presenceOf(voices.get(agent) ?? [], options, now)
      const found = presence.is === 'suspect' ? caseOf(agent, presence, before, options, now) : null
      watched.push({ agent, presence, case: found })
      if (found?.outcome === null) open.push(found)
      if (before?.outcome === null && before !== found && before.id !== found?.id) over.push(before)
    }
    this.gathering = gatheringIn(watched, options)
    await this.noteBrakes(watched, now)
    for (const found of over)
      await this.save(found, voices.has(found.agent) ? afterReturn(found, now) : afterStep(found, FORGOTTEN, now))
    const isWatching = watched.some(({ presence }) => presence.is !== 'unwatched')
    if (!isWatching) return 'nobody'
    if (this.mode() !== 'off') await this.settle(open)
    return 'looked'
  }

  private isGatheringAt(site: string): boolean {
    return scopesOf(site).some((scope) => this.gathering.has(scope))
  }

  private mode(): Mode {
    return this.fleet.mode ?? this.parts.mode
  }

  private async noteBrakes(watched: readonly Watched[], now: number): Promise<void> {
    const { options, table } = this.parts
    const brakes = brakesAfter(this.fleet, watched, options, now)
    const { brakes: before } = this.fleet
    const fresh = Object.keys(brakes).filter((scope) => before[scope] === undefined)
    this.fleet = { ...this.fleet, brakes }
    if (fresh.length > 0 || Object.keys(before).length > 0) await table.saveLook({ canary: this.fleet.canary, brakes })
    if (this.mode() === 'off') return
    for (const scope of fresh) await this.parts.tellBrake(scope, stormOf(scope, watched, now), now)
  }

  /** Looks at cases and sets Offline until the slot's time is used up. The remaining cases wait for the next slots. */
  private async settle(open: readonly Case[]): Promise<void> {
    const inOrder = await this.queued(open)
    const naming = (this.parts.now() + this.deadline) / 2
    const named: Case[] = []
    for (const found of inOrder) {
      const user = await this.named(found, naming)
      if (user !== null) named.push(user)
    }
    const set: Case[] = []
    for (let from = 0; from < named.length; from += BATCH) {
      let ready = await this.lookAt(named.slice(from, from + BATCH))
      // At one call a second of each kind, there is time to look again at the remaining agents before each put.
      for (let next = ready[0]; next !== undefined; next = ready[0]) {
        const after = await this.put(next)
        if (after !== null) set.push(after)
        ready = await this.lookAt(ready.slice(1))
      }
    }
    if (set.length === 0 || this.parts.now() + READ_BACK_MS > this.deadline) return
    await this.parts.sleep(READ_BACK_MS)
    await this.lookAt(set.slice(0, BATCH))
  }

  /**
   * Stores new cases, and notes where a brake holds them.
   * @returns all cases in the order of their turns: first those never tried, newest first, since they can still be
   * Offline within two minutes; then those tried before; last those that a brake holds.
   */
  private async queued(open: readonly Case[]): Promise<readonly Case[]> {
    const isHeld = ({ site }: Case): boolean => isBraked(this.fleet, site)
    const cases: Case[] = []
    for (let from = 0; from < open.length; from += BATCH) {
      const stored = open.slice(from, from + BATCH).map(async (found) => {
        const isNew = found.waiting === 'look'
        const after = isNew && isHeld(found) ? afterStep(found, { do: 'wait', for: 'brake' }, this.parts.now()) : found
        if (after !== found) await this.save(found, after)
        else if (isNew) await this.parts.table.saveCase(after)
        return after
      })
      cases.push(...(await Promise.all(stored)))
    }
    const rank = (found: Case): number => (isHeld(found) ? 2 : Math.min(1, found.puts))
    return cases.sort((a, b) => rank(a) - rank(b) || b.since - a.since)
  }

  /** The case with its user's id; null where there is no time to ask for it, or the case has ended. */
  private async named(found: Case, until: number): Promise<Case | null> {
    if (found.userId !== null) return found
    if (!(await this.pacer.turn('find', until))) {
      await this.save(found, found)
      return null
    }
    const user = await this.parts.connect.find(found.agent)
    if (user?.isOptedIn === true) {
      const known = { ...found, userId: user.id }
      await this.parts.table.saveCase(known)
      return known
    }
    const outcome = user === null ? 'refused' : 'out_of_scope'
    await this.save(found, afterStep(found, { do: 'end', outcome }, this.parts.now()))
    return null
  }

  /** Looks at up to `BATCH` cases. @returns those to set Offline now */
  private async lookAt(cases: readonly Case[]): Promise<Case[]> {
    if (cases.length === 0) return []
    if (!(await this.pacer.turn('look'))) {
      for (const found of cases) await this.save(found, found)
      return []
    }
    const sights = await this.parts.connect.look(cases.flatMap(({ userId }) => userId ?? []))
    const ready: Case[] = []
    for (const found of cases) {
      const step = this.step(found, sights.get(found.userId ?? '') ?? null)
      if (step.do === 'put') ready.push(found)
      else await this.save(found, afterStep(found, step, this.parts.now()))
    }
    return ready
  }

  private step(found: Case, sight: Sight | null) {
    const { options } = this.parts
    const now = this.parts.now()
    return nextStep(found, sight, {
      mode: this.mode(),
      options,
      isBraked: isBraked(this.fleet, found.site),
      isProven: isIngestProven(this.fleet.canary, found, options, now) && !this.isGatheringAt(found.site),
      now,
    })
  }

  /** Sets Offline, unless the agent is back or the mode is not `act`. @returns the case if it was not refused */
  private async put(found: Case): Promise<Case | null> {
    const { table, connect, now } = this.parts
    if (found.userId === null || !(await this.pacer.turn('put'))) return null
    const [{ machines }, fleet] = await Promise.all([table.ofAgent(found.agent, now()), table.fleet()])
    if ((fleet.mode ?? this.parts.mode) !== 'act') return null
    if (machines.some((row) => isBackOn(found, row))) {
      await this.save(found, afterReturn(found, now()))
      return null
    }
    const asked = beforePut(found, now())
    await table.saveCase(asked)
    const answer = await connect.setOffline(found.userId)
    if (answer === 'refused') {
      await this.save(asked, afterStep(asked, { do: 'end', outcome: 'refused' }, now()))
      return null
    }
    if (answer === 'done') await table.noteAct(asked.agent, actOf(asked, now()), now())
    await this.save(found, asked)
    return asked
  }

  /** Stores a case if it has changed, and sends the report that is due. */
  private async save(before: Case, found: Case): Promise<void> {
    const now = this.parts.now()
    const kind = noticeOf(found, this.parts.options, now)
    const after = kind === null ? found : afterNotice(found, kind)
    if (before !== after) await this.parts.table.saveCase(after)
    const isConfirmed = before.outcome !== after.outcome && after.outcome === 'set_offline'
    if (isConfirmed) await this.parts.table.noteAct(after.agent, actOf(after, now), now)
    if (kind !== null || before.outcome !== after.outcome || before.waiting !== after.waiting) {
      await this.parts.tellCase(after, kind, now)
    }
  }
}
