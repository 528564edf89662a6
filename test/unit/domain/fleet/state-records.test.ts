import { changesOf, NOTHING_REPORTED } from '../../../../src/domain/fleet/state-records'
import type { SourcedProblem } from '../../../../src/domain/policy'
import type { Flag } from '../../../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../../../src/domain/closes/state'
import { flag, flagged as withFlags, INSTANCE, T0 } from '../build'

const FLAG = flag()
const flagged = (...flags: Flag[]) => withFlags(flags)

describe('a flag', () => {
  test('is sent at once when it is raised, with its start, and once', () => {
    const first = changesOf(NOTHING_REPORTED, flagged(FLAG), [], T0 + 5_000)
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
    expect(changesOf(first.reported, flagged(FLAG), [], T0 + 9_000).drafts).toEqual([])
  })

  test('is sent when it is cleared, with its duration', () => {
    const { reported: told } = changesOf(NOTHING_REPORTED, flagged(FLAG), [], T0 + 5_000)
    const { drafts, reported: after } = changesOf(told, flagged(), [], T0 + 60_000)
    expect(drafts).toMatchObject([
      { event: 'ccp_signoff.flag.cleared', severity: 'INFO', attributes: { 'ccp_signoff.flag.duration_ms': 60_000 } },
    ])
    expect(after).toEqual(NOTHING_REPORTED)
  })

  test('that is raised again is sent again, under another id', () => {
    const one = changesOf(NOTHING_REPORTED, flagged(FLAG), [], T0 + 1)
    const two = changesOf(changesOf(one.reported, flagged(), [], T0 + 2).reported, flagged(FLAG), [], T0 + 3)
    expect(two.drafts[0]?.id).not.toBe(one.drafts[0]?.id)
  })

  test('of an observed close is not urgent', () => {
    const [draft] = changesOf(NOTHING_REPORTED, flagged({ ...FLAG, isObserved: true }), [], T0).drafts
    expect(draft).toMatchObject({ severity: 'INFO', isUrgent: false })
  })

  test('names the agent only in “about”', () => {
    const [{ about, ...draft } = { about: null }] = changesOf(NOTHING_REPORTED, flagged(FLAG), [], T0).drafts
    expect(about).not.toBeNull()
    expect(JSON.stringify(draft)).not.toMatch(/ada/i)
  })
})

describe('a policy problem', () => {
  const problem = (value: unknown): SourcedProblem => ({ source: 'policy', key: 'holdMs', value, allowed: '0..5000' })

  test('is sent once, with the allowed values and without the value itself', () => {
    const first = changesOf(NOTHING_REPORTED, EMPTY_CLOSE_STATE, [problem('s3cret')], T0)
    expect(first.drafts).toMatchObject([
      {
        event: 'ccp_signoff.policy.problem',
        severity: 'WARN',
        attributes: { 'ccp_signoff.policy.key': 'holdMs', 'ccp_signoff.policy.allowed': '0..5000' },
      },
    ])
    expect(JSON.stringify(first)).not.toContain('s3cret')
    expect(changesOf(first.reported, EMPTY_CLOSE_STATE, [problem('s3cret')], T0 + 1).drafts).toEqual([])
  })

  test('is a new one if the value changes', () => {
    const first = changesOf(NOTHING_REPORTED, EMPTY_CLOSE_STATE, [problem(9_000)], T0)
    expect(changesOf(first.reported, EMPTY_CLOSE_STATE, [problem(9_001)], T0 + 1).drafts).toHaveLength(1)
  })
})
