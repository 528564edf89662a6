import { recordSince } from '../../../bench/judge/record'
import { judge } from '../../../bench/judge/truth'
import type { RequestEntry } from '../../instance/journal'
import { account, ASKED, CLOSED_AT, entry, GOOD, OFFLINE, request } from './build'

const FLAG = { instance: 'acme.awsapps.com', username: 'alice' }
const NOTHING = { states: [], requests: [] }

it('the record has what was asked before the close and answered after it, as a poll is, and nothing else from before', () => {
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
  it('is there where the instance recorded what the entry says', () => {
    expect(judge(account())).toEqual(GOOD)
  })

  describe('a confirmed entry', () => {
    it.each([
      ['without Offline at the instance', { states: [], requests: [request({}), ASKED] }],
      ['with an Offline that came later', { states: [{ ...OFFLINE, at: CLOSED_AT + 9_000 }], requests: [ASKED] }],
      [
        'with an Offline that did not last',
        { states: [OFFLINE, { ...OFFLINE, type: 'routable', at: CLOSED_AT + 100 }], requests: [ASKED] },
      ],
      ['with the Offline of somebody else', { states: [{ ...OFFLINE, agent: 'bob' }], requests: [ASKED] }],
      ['with evidence that there is none of', { states: [OFFLINE], requests: [request({})] }],
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

    it('is untrue where the answer had not been given by then', () => {
      const record = { states: [OFFLINE], requests: [request({ answeredAt: CLOSED_AT + 3_000 })] }
      const entries = [entry({ evidence: 'call_answered', tookMs: 100 })]
      expect(judge(account({ entries, record })).truthful).toBe(0)
    })
  })

  it('is untrue where a failed close had worked', () => {
    const failed = entry({ outcome: 'failed', evidence: 'none' })
    expect(judge(account({ entries: [failed] })).truthful).toBe(0)
    expect(judge(account({ entries: [failed], record: NOTHING })).truthful).toBe(1)
  })

  it('is untrue where nothing was needed for an agent who was Available', () => {
    expect(judge(account({ entries: [entry({ outcome: 'not_needed', evidence: 'none' })] })).truthful).toBe(0)
  })

  it('is there where it was left to another CCP of the agent, and that one is confirmed', () => {
    const left = entry({ id: 'left', outcome: 'not_needed', reason: 'other_ccp', evidence: 'none' })
    const ccps = [account().ccps, account().ccps].flat()
    expect(judge(account({ ccps, entries: [left, entry()] }))).toMatchObject({ truthful: 2, untruths: [] })
    expect(judge(account({ ccps, entries: [left, left] })).truthful).toBe(0)
  })

  it('may be told by a flag while a close is still asked about', () => {
    const pending = account({ entries: [], flags: [FLAG], record: NOTHING })
    expect(judge(pending)).toMatchObject({ entries: 0, truthful: 0, pending: 1, untruths: [], flagsTrue: true })
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
    ['a cause that it was not', entry({ cause: 'crashed' })],
    ['a state that it was not', entry({ stateBefore: { ...entry().stateBefore, type: 'not_routable' } })],
    ['a time that it was not', entry({ at: CLOSED_AT - 5_000 })],
    ['somebody who closed nothing', entry({ username: 'bob' })],
  ])('is untrue with %s', (_, told) => {
    expect(judge(account({ entries: [told] })).truthful).toBe(0)
  })

  it('may say Offline of an agent whose other CCP had set them so by then', () => {
    const stateBefore = { ...entry().stateBefore, type: 'offline', name: 'Offline' } as const
    const second = { stateBefore, outcome: 'not_needed', evidence: 'none', reason: 'not_routable' } as const
    expect(judge(account({ entries: [entry({ ...second, at: CLOSED_AT + 300 })] })).truthful).toBe(1)
    expect(judge(account({ entries: [entry({ ...second, at: CLOSED_AT - 90 })] })).truthful).toBe(0)
  })

  it('may not know the cause where no background was there to see it, and nowhere else', () => {
    const entries = [entry({ cause: 'unknown' })]
    expect(judge(account({ entries, wasStopped: true })).truthful).toBe(1)
    expect(judge(account({ entries })).truthful).toBe(0)
  })

  it('misses an entry that is not there', () => {
    const verdict = judge(account({ entries: [] }))
    expect(verdict).toMatchObject({ entries: 1, truthful: 0, untruths: ['has 0 entries for 1 closed CCPs'] })
  })

  it('counts an entry too many, however true it is', () => {
    expect(judge(account({ entries: [entry(), entry({ id: 'again' })] }))).toMatchObject({ entries: 2, truthful: 1 })
  })
})

describe('the truth of flags', () => {
  const unconfirmed = [entry({ outcome: 'unconfirmed', evidence: 'none', reason: 'no_answer' })]

  it.each([
    ['wants one where the agent is not Offline', unconfirmed, [], NOTHING, false],
    ['has one where the agent is not Offline', unconfirmed, [FLAG], NOTHING, true],
    ['wants none where all is confirmed', [entry()], [FLAG], account().record, false],
    ['bears one where it is not known', unconfirmed, [FLAG], account().record, true],
    ['does not take the flag of somebody else', unconfirmed, [{ ...FLAG, username: 'bob' }], NOTHING, false],
  ])('%s', (_, entries, flags, record, isTrue) => {
    expect(judge(account({ entries, flags, record })).flagsTrue).toBe(isTrue)
  })
})
