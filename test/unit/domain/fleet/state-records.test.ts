import { newsOf, NOTHING_TOLD } from '../../../../src/domain/fleet/state-records'
import type { SourcedProblem } from '../../../../src/domain/policy'
import type { Flag } from '../../../../src/domain/sessions/state'
import { EMPTY_SESSIONS } from '../../../../src/domain/sessions/state'
import { flag, INSTANCE, T0 } from '../build'

const FLAG = flag()
const flagged = (...flags: Flag[]) => ({ ...EMPTY_SESSIONS, flags })

describe('a flag', () => {
  test('is told at once when it is raised, since when, and once', () => {
    const first = newsOf(NOTHING_TOLD, flagged(FLAG), [], T0 + 5_000)
    expect(first.drafts).toMatchObject([
      {
        event: 'ccp_signoff.flag.raised',
        severity: 'ERROR',
        isUrgent: true,
        about: { instance: INSTANCE, username: 'ada' },
        attributes: {
          'ccp_signoff.close.id': 'close-1',
          'ccp_signoff.flag.since': new Date(T0).toISOString(),
          'ccp_signoff.flag.duration_ms': 5_000,
          'ccp_signoff.flag.why': 'close',
        },
      },
    ])
    expect(newsOf(first.told, flagged(FLAG), [], T0 + 9_000).drafts).toEqual([])
  })

  test('is told when it is down, with how long it was up', () => {
    const { told } = newsOf(NOTHING_TOLD, flagged(FLAG), [], T0 + 5_000)
    const { drafts, told: after } = newsOf(told, flagged(), [], T0 + 60_000)
    expect(drafts).toMatchObject([
      { event: 'ccp_signoff.flag.cleared', severity: 'INFO', attributes: { 'ccp_signoff.flag.duration_ms': 60_000 } },
    ])
    expect(after).toEqual(NOTHING_TOLD)
  })

  test('that is raised again is told again, under another id', () => {
    const one = newsOf(NOTHING_TOLD, flagged(FLAG), [], T0 + 1)
    const two = newsOf(newsOf(one.told, flagged(), [], T0 + 2).told, flagged(FLAG), [], T0 + 3)
    expect(two.drafts[0]?.id).not.toBe(one.drafts[0]?.id)
  })

  test('of one who is only observed alarms nobody', () => {
    const [draft] = newsOf(NOTHING_TOLD, flagged({ ...FLAG, isObserved: true }), [], T0).drafts
    expect(draft).toMatchObject({ severity: 'INFO', isUrgent: false })
  })

  test('names nobody, but whom it is about', () => {
    const [{ about, ...draft } = { about: null }] = newsOf(NOTHING_TOLD, flagged(FLAG), [], T0).drafts
    expect(about).not.toBeNull()
    expect(JSON.stringify(draft)).not.toMatch(/ada/i)
  })
})

describe('a policy problem', () => {
  const problem = (value: unknown): SourcedProblem => ({ source: 'policy', key: 'holdMs', value, allowed: '0..5000' })

  test('is told once, with what would be allowed and without the value', () => {
    const first = newsOf(NOTHING_TOLD, EMPTY_SESSIONS, [problem('s3cret')], T0)
    expect(first.drafts).toMatchObject([
      {
        event: 'ccp_signoff.policy.problem',
        severity: 'WARN',
        attributes: { 'ccp_signoff.policy.key': 'holdMs', 'ccp_signoff.policy.allowed': '0..5000' },
      },
    ])
    expect(JSON.stringify(first)).not.toContain('s3cret')
    expect(newsOf(first.told, EMPTY_SESSIONS, [problem('s3cret')], T0 + 1).drafts).toEqual([])
  })

  test('is another where the value is', () => {
    const first = newsOf(NOTHING_TOLD, EMPTY_SESSIONS, [problem(9_000)], T0)
    expect(newsOf(first.told, EMPTY_SESSIONS, [problem(9_001)], T0 + 1).drafts).toHaveLength(1)
  })
})
