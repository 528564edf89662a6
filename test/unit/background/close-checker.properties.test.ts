/**
 * Whatever happens to an agent, their contacts, session and settings: the extension never sets Offline against the
 * rules.
 */
import * as fc from 'fast-check'
import { CloseChecker } from '../../../src/background/close-checker'
import type { AgentFacts, AgentState } from '../../../src/domain/agent'
import type { ClosingReport } from '../../../src/domain/close-report'
import type { CloseRules } from '../../../src/domain/close-rules'
import type { DocumentEvent, CcpEvent } from '../../../src/domain/closes/events'
import { reduceCloses } from '../../../src/domain/closes/reduce'
import type { CloseState } from '../../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../../src/domain/closes/state'
import { FakeInstance } from '../../wire/fake-instance'
import { agentEvent, ATTEMPTED, closing, facts, header, RULES, RUN, state as stateOf, T0 } from '../domain/build'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

/** What a close is about, and how the page reported it. */
interface Close {
  readonly type: 'routable' | 'not_routable' | 'system'
  readonly contact: 'connected' | 'ended' | null
  readonly softphone: boolean
  /** null: no close report. */
  readonly did: ClosingReport['did'] | null
}

/** The situation between two looks. */
interface Turn {
  readonly type: 'routable' | 'not_routable' | 'offline' | 'system' | 'error'
  /** Whether the state period is another than that of the close. */
  readonly isAnew: boolean
  readonly contact: 'connected' | 'connecting' | 'ended' | 'missed' | null
  readonly session: 'ada' | 'bob' | null
  readonly rules: CloseRules
  readonly maySet: boolean
  readonly isThere: boolean
  /** What happens while the instance is being asked: the agent returns, or the settings exclude them. */
  readonly meanwhile: 'back' | 'left alone' | null
}

const rules: fc.Arbitrary<CloseRules> = fc.record({
  mode: fc.constant('act' as const),
  excluded: fc.constantFrom(null, null, null, 'surface_excluded' as const),
  routingProfiles: fc.constantFrom<string[][]>([], [], ['Basic'], ['Another']),
  fromStates: fc.constantFrom<string[][]>([], [], [stateOf('not_routable').name], ['Another']),
  onContact: fc.constantFrom('after' as const, 'warn' as const, 'leave' as const),
  deskPhone: fc.constantFrom('act' as const, 'leave' as const),
  reload: fc.constant('recognised' as const),
})
const close: fc.Arbitrary<Close> = fc.record({
  type: fc.constantFrom('routable' as const, 'routable' as const, 'not_routable' as const, 'system' as const),
  contact: fc.constantFrom(null, null, 'connected' as const, 'ended' as const),
  softphone: fc.boolean(),
  did: fc.constantFrom<ClosingReport['did'] | null>(
    ATTEMPTED,
    { action: 'left', reason: 'contact_first' },
    { action: 'left', reason: 'reload' },
    { action: 'cannot', reason: 'not_configured' },
    { action: 'none', reason: 'surface_excluded' },
    null,
  ),
})
/** Mostly unchanged: if everything changed at once, nothing would ever be done. */
const turns: fc.Arbitrary<Turn[]> = fc.array(
  fc.record({
    type: fc.constantFrom<Turn['type'][]>(
      'routable',
      'routable',
      'routable',
      'not_routable',
      'offline',
      'system',
      'error',
    ),
    isAnew: fc.constantFrom(false, false, false, true),
    contact: fc.constantFrom<Turn['contact'][]>(null, null, null, 'connected', 'connecting', 'ended', 'missed'),
    session: fc.constantFrom<Turn['session'][]>('ada', 'ada', 'ada', 'ada', 'bob', null),
    rules: fc.oneof({ weight: 2, arbitrary: fc.constant(RULES) }, { weight: 1, arbitrary: rules }),
    maySet: fc.constantFrom(true, true, true, false),
    isThere: fc.constantFrom(false, false, false, false, true),
    meanwhile: fc.constantFrom(null, null, null, null, 'back' as const, 'left alone' as const),
  }),
  { minLength: 1, maxLength: 5 },
)

const live = (contact: string | null): boolean => contact === 'connected' || contact === 'connecting'

/** The exclusions by the settings, written a second time. */
function leavesAlone(agent: AgentFacts, { excluded, routingProfiles, deskPhone }: CloseRules): boolean {
  const isOther = routingProfiles.length > 0 && !routingProfiles.includes(agent.routingProfile ?? '')
  return excluded !== null || isOther || (deskPhone === 'leave' && agent.softphone === false)
}

/** One agent's close, the instance after it, and the background that asks. */
class World {
  readonly broken: string[] = []
  puts = 0
  private now = T0
  private seq = 0
  private state: CloseState = EMPTY_CLOSE_STATE
  private turn: Turn | null = null
  /** Whether a contact was seen at the close or since: it may cause later changes of the state. */
  private hadContact = false
  private readonly agent: AgentFacts
  private readonly instance = new FakeInstance()
  private readonly checker: CloseChecker

  constructor(private readonly what: Close) {
    const contacts = what.contact === null ? [] : [{ channel: 'voice', state: what.contact }]
    this.agent = facts(what.type, { contacts, softphone: what.softphone })
    this.hadContact = what.contact !== null || what.type === 'system'
    jest.spyOn(Date, 'now').mockImplementation(() => this.now)
    jest.spyOn(globalThis, 'fetch').mockImplementation((url, init = {}) => {
      const { headers = {}, body = '{}' } = init as { headers?: Record<string, string>; body?: string }
      const operation = headers['X-Amz-Target']?.split('.')[1]
      if (operation === 'PutAgentState') this.check()
      if (operation === 'GetAgentSnapshot' && this.turn?.meanwhile === 'back') this.comeBack()
      if (operation === 'GetAgentConfiguration' && this.turn?.meanwhile === 'left alone')
        this.turn = { ...this.turn, rules: { ...this.turn.rules, excluded: 'surface_excluded' } }
      return this.instance.fetch(url as string, { headers, body })
    })
    this.checker = new CloseChecker({
      isArriving: () => Promise.resolve(false),
      targetState: () => Promise.resolve(''),
      maySet: () => Promise.resolve(this.turn?.maySet ?? true),
      rulesOf: () => Promise.resolve(this.turn?.rules ?? RULES),
      workLimitMs: () => Promise.resolve(60_000),
      state: () => Promise.resolve(this.state),
      requestAgain: () => Promise.resolve(false),
      lentToken: () => Promise.resolve(null),
      dispatch: (event) => {
        this.tell(event)
        this.checker.consider(this.state, this.now)
        return Promise.resolve()
      },
    })
  }

  async live(turns: readonly Turn[]): Promise<void> {
    this.turn = turns[0] ?? null
    this.say('doc-a', { type: 'hello' })
    this.say('doc-a', agentEvent(this.agent))
    this.now += 1_000
    const { did } = this.what
    if (did !== null) this.say('doc-a', closing('close', { did, stateBefore: this.agent.state }, this.agent))
    this.say('doc-a', { type: 'gone' })
    this.tell({ type: 'tab_removed', at: this.now, tabId: 1, windowClosing: false })
    for (const turn of turns) {
      this.turn = turn
      this.become(turn)
      for (let looks = 0; looks < 3; looks += 1) await this.pass(31_000)
    }
  }

  private become({ type, isAnew, contact, session, isThere }: Turn): void {
    const { name, arn } = stateOf(type)
    const since = isAnew ? this.now : (this.agent.state.startTimestamp ?? 0)
    this.instance.session = session
    this.instance.state = { name, type, agentStateARN: arn ?? '', startTimestamp: since / 1_000 }
    this.instance.contacts = contact === null ? [] : [{ contactId: 'c', state: { type: contact } }]
    if (isThere) this.comeBack()
  }

  private comeBack(): void {
    this.say('doc-b', { type: 'hello' }, 2)
    this.say('doc-b', agentEvent(facts('not_routable')), 2)
  }

  /** Time passes, and the background acts, as at each alarm. */
  private async pass(ms: number): Promise<void> {
    this.now += ms
    this.tell({ type: 'tick', at: this.now, tabs: {}, holding: [] })
    this.checker.consider(this.state, this.now)
    for (let left = 15; left > 0; left -= 1) await new Promise((done) => setImmediate(done))
    if (this.turn?.contact != null || this.turn?.type === 'system') this.hadContact = true
  }

  private say(docId: string, docEvent: DocumentEvent, tabId = 1): void {
    this.seq += 1
    const document = header(docId, { openedAt: docId === 'doc-a' ? T0 : this.now })
    const place = { tabId, frameId: 0, ownCookies: true }
    this.tell({ type: 'document', at: this.now, seq: this.seq, runId: RUN, header: document, place, docEvent })
  }

  private tell(event: CcpEvent): void {
    this.state = reduceCloses(this.state, event, {
      extensionVersion: '1',
      mode: 'act',
      mayAsk: true,
      recoveryUse: 'never',
      graceMs: 20_000,
      rulesOf: () => this.turn?.rules ?? RULES,
    }).state
  }

  /** A state is being set: what must hold at this moment. */
  private check(): void {
    this.puts += 1
    const { turn, what, agent, instance } = this
    if (turn === null) return
    const must = (holds: boolean, rule: string): unknown => holds || this.broken.push(rule)
    const now: AgentState['type'] = turn.type
    const isThere = Object.values(this.state.documents).some((doc) => doc.docId === 'doc-b' && doc.gone === null)
    must(instance.session === 'ada', 'another agent’s session')
    must(turn.maySet, 'the settings let nobody set a state')
    must(!leavesAlone(agent, turn.rules), 'the settings leave the agent alone')
    must(what.did?.action !== 'none', 'the page had nothing to do')
    must(!isThere, 'the agent is there')
    must(!live(turn.contact), 'somebody is on the line')
    must(now !== 'offline', 'they are Offline')
    const chosen = now === 'routable' || now === 'not_routable'
    const { fromStates, onContact } = turn.rules
    const isFrom = fromStates.length === 0 ? now === 'routable' : fromStates.includes(stateOf(now).name)
    must(!chosen || isFrom, 'a state that no close may change')
    must(!chosen || !turn.isAnew || (now === 'routable' && this.hadContact), 'a state that somebody has chosen since')
    const isLeft = what.did === null || (what.did.action === 'left' && what.did.reason === 'contact_first')
    must(!(onContact === 'leave' && isLeft && what.contact !== null), 'a contact that the settings leave alone')
  }
}

test('a state is set only where the rules allow it', async () => {
  let puts = 0
  await fc.assert(
    fc.asyncProperty(close, turns, async (what, each) => {
      const world = new World(what)
      await world.live(each)
      puts += world.puts
      expect(world.broken).toEqual([])
    }),
    { numRuns: 4_000 },
  )
  // Some states were really set.
  expect(puts).toBeGreaterThan(150)
})

test('an agent who is as the close left them is set Offline if nothing prevents it', async () => {
  const asItWas: Turn = {
    type: 'routable',
    isAnew: false,
    contact: null,
    session: 'ada',
    rules: RULES,
    maySet: true,
    isThere: false,
    meanwhile: null,
  }
  const dids = [
    ATTEMPTED,
    { action: 'left', reason: 'reload' },
    { action: 'cannot', reason: 'not_configured' },
    null,
  ] as const
  for (const did of dids) {
    const world = new World({ type: 'routable', contact: null, softphone: true, did })
    await world.live([asItWas])
    expect([did, world.puts, world.broken]).toEqual([did, 1, []])
  }
})
