import { recordSince } from '../../../bench/judge/record'
import { judge } from '../../../bench/judge/truth'
import type { RequestEntry } from '../../instance/journal'
import { account, ASKED, CLOSED_AT, entry, GOOD, OFFLINE, request } from './build'

const FLAG = { instance: 'acme.awsapps.com', username: 'alice' }
const NOTHING = { states: [], requests: [] }

it('the record includes requests from before the close that were answered after it, and nothing else from before', () => {
  const asked = (seq: number, answeredAt: number | undefined) => ({
    ...request({ operation: 'GetAgentSnapshot', answeredAt }),
    ...({ seq, at: CLOSED_AT - 9_000, kind: 'request', input: {}, error: undefined, clientGoneAt: undefined } as const),
    details: { origin: `poll ${seq}` } as RequestEntry['details'],
  })
  const requests = [asked(1, CLOSED_AT - 1), asked(2, CLOSED_AT + 50), asked(3, undefined), asked(5, undefined)]
  const record = recordSince({ states: [], requests }, 4, CLOSED_AT)
  expect(record.requests.map(({ origin }) => origin)).toEqual(['poll 2', 'poll 5'])
})

describe('the truth of a log', () => {
  it('is complete if the instance recorded what the entry says', () => {
    expect(judge(account())).toEqual(GOOD)
  })

  describe('a confirmed entry', () => {
    it.each([
      ['without Offline in the instance', { states: [], requests: [request({}), ASKED] }],
      ['with an Offline that came later', { states: [{ ...OFFLINE, at: CLOSED_AT + 9_000 }], requests: [ASKED] }],
      [
        'with an Offline that did not last',
        { states: [OFFLINE, { ...OFFLINE, type: 'routable', at: CLOSED_AT + 100 }], requests: [ASKED] },
      ],
      ['with the Offline of another agent', { states: [{ ...OFFLINE, agent: 'bob' }], requests: [ASKED] }],
      ['with evidence that does not exist', { states: [OFFLINE], requests: [request({})] }],
    ])('is untrue %s', (_, record) => {
      expect(judge(account({ record })).truthful).toBe(0)
    })

    it.each([
      ['call_answered', 'https://acme.awsapps.com', 1],
      ['call_answered', 'chrome-extension://signoff', 0],
      ['set_by_background', 'chrome-extension://signoff', 1],
      ['set_by_background', 'https://acme.awsapps.com', 0],
      ['none', 'https://acme.awsapps.com', 0],
    ] as const)('with the evidence %s and a request of %s: %d of 1', (evidence, origin, truthful) => {
      const record = { states: [OFFLINE], requests: [request({ origin })] }
      expect(judge(account({ entries: [entry({ evidence })], record })).truthful).toBe(truthful)
    })

    it('is untrue if the answer had not been given by then', () => {
      const record = { states: [OFFLINE], requests: [request({ answeredAt: CLOSED_AT + 3_000 })] }
      const entries = [entry({ evidence: 'call_answered', tookMs: 100 })]
      expect(judge(account({ entries, record })).truthful).toBe(0)
    })
  })

  it('is untrue if a failed close had worked', () => {
    const failed = entry({ outcome: 'failed', evidence: 'none' })
    expect(judge(account({ entries: [failed] })).truthful).toBe(0)
    expect(judge(account({ entries: [failed], record: NOTHING })).truthful).toBe(1)
  })

  it('is untrue if an Available agent needed nothing', () => {
    expect(judge(account({ entries: [entry({ outcome: 'not_needed', evidence: 'none' })] })).truthful).toBe(0)
  })

  it('is complete if the close was deferred to another CCP of the agent, whose close is confirmed', () => {
    const left = entry({ id: 'left', outcome: 'not_needed', reason: 'other_ccp', evidence: 'none' })
    const ccps = [account().ccps, account().ccps].flat()
    expect(judge(account({ ccps, entries: [left, entry()] }))).toMatchObject({ truthful: 2, untruths: [] })
    expect(judge(account({ ccps, entries: [left, left] })).truthful).toBe(0)
  })

  it('may consist of a flag while the close is still being verified', () => {
    const pending = account({ entries: [], flags: [FLAG], record: NOTHING })
    expect(judge(pending)).toMatchObject({ entries: 0, truthful: 0, pending: 1, untruths: [], flagsTrue: true })
  })

  it('may be missing where the background still checks what Connect has accepted', () => {
    const accepted = account({ entries: [], accepted: [FLAG] })
    expect(judge(accepted)).toMatchObject({ entries: 0, pending: 1, untruths: [], flagsTrue: true, flagged: false })
    expect(judge(account({ entries: [] })).untruths).toEqual(['has 0 entries for 1 closed CCPs'])
  })

  it.each([
    ['signed_out', 401, 1],
    ['signed_out', 403, 0],
    ['refused', 403, 1],
    ['refused', 200, 0],
    ['agent_present', 200, 0],
    ['no_answer', undefined, 1],
  ] as const)('an unconfirmed entry for the reason %s, with an answer of %s: %d of 1', (reason, status, truthful) => {
    const unconfirmed = entry({ outcome: 'unconfirmed', evidence: 'none', reason, tookMs: null })
    const record = { states: [], requests: [request({ operation: 'authorize', agent: undefined, status })] }
    expect(judge(account({ entries: [unconfirmed], record })).truthful).toBe(truthful)
  })

  it.each([
    ['a wrong cause', entry({ cause: 'crashed' })],
    ['a wrong state', entry({ stateBefore: { ...entry().stateBefore, type: 'not_routable' } })],
    ['a wrong time', entry({ at: CLOSED_AT - 5_000 })],
    ['an agent who closed nothing', entry({ username: 'bob' })],
  ])('is untrue with %s', (_, told) => {
    expect(judge(account({ entries: [told] })).truthful).toBe(0)
  })

  it('allows Offline for an agent whose other CCP had set it by then', () => {
    const stateBefore = { ...entry().stateBefore, type: 'offline', name: 'Offline' } as const
    const second = { stateBefore, outcome: 'not_needed', evidence: 'none', reason: 'not_routable' } as const
    expect(judge(account({ entries: [entry({ ...second, at: CLOSED_AT + 300 })] })).truthful).toBe(1)
    expect(judge(account({ entries: [entry({ ...second, at: CLOSED_AT - 90 })] })).truthful).toBe(0)
  })

  it('allows an unknown cause only if no background was running', () => {
    const entries = [entry({ cause: 'unknown' })]
    expect(judge(account({ entries, wasStopped: true })).truthful).toBe(1)
    expect(judge(account({ entries })).truthful).toBe(0)
  })

  it('notices a missing entry', () => {
    const verdict = judge(account({ entries: [] }))
    expect(verdict).toMatchObject({ entries: 1, truthful: 0, untruths: ['has 0 entries for 1 closed CCPs'] })
  })

  it('counts a surplus entry, however true it is', () => {
    expect(judge(account({ entries: [entry(), entry({ id: 'again' })] }))).toMatchObject({ entries: 2, truthful: 1 })
  })
})

describe('the truth of flags', () => {
  const unconfirmed = [entry({ outcome: 'unconfirmed', evidence: 'none', reason: 'no_answer' })]

  it.each([
    ['requires one if the agent is not Offline', unconfirmed, [], NOTHING, false],
    ['accepts one if the agent is not Offline', unconfirmed, [FLAG], NOTHING, true],
    ['allows none if everything is confirmed', [entry()], [FLAG], account().record, false],
    ['accepts one if the outcome is unknown', unconfirmed, [FLAG], account().record, true],
    ['does not accept another agent’s flag', unconfirmed, [{ ...FLAG, username: 'bob' }], NOTHING, false],
  ])('%s', (_, entries, flags, record, isTrue) => {
    expect(judge(account({ entries, flags, record })).flagsTrue).toBe(isTrue)
  })
})
