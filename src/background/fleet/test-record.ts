import { verdictOn } from '../../domain/fleet/answer'
import type { Draft } from '../../domain/fleet/record'
import type { LastProblem, TestResult } from '../../domain/fleet/sending-status'
import type { Settings } from '../../domain/settings'
import { otlpRequest } from '../../protocol/otlp'
import { installationId } from '../../storage/installation-store'
import { identified } from './identify'
import { post } from './post-records'
import type { Target } from './target'

/** Sends the collector a record that is marked as a test, and reports the outcome. */
export async function sendTest(target: Target, settings: Settings): Promise<TestResult> {
  const at = Date.now()
  const record = await identified(testDraft(at), settings, await installationId(), at)
  const failed = (problem: LastProblem['problem'], status: number | null, message: string | null): TestResult => ({
    ok: false,
    problem: { problem, status, message, at },
  })
  try {
    const answer = await post(target, otlpRequest(target.protocol, target.resource, target.version, [record]))
    const verdict = verdictOn(answer, Date.now())
    const { status } = answer
    switch (verdict.kind) {
      case 'taken':
        if (verdict.rejected > 0) return failed('partial', status, verdict.message)
        return { ok: true, status, tookMs: Date.now() - at }
      case 'again':
        return failed('busy', status, null)
      case 'refused':
      case 'unreadable':
        return failed('refused', status, null)
    }
  } catch (error) {
    return failed('no_answer', null, error instanceof Error ? error.message : String(error))
  }
}

function testDraft(at: number): Draft {
  return {
    id: `test/${at}`,
    at,
    event: 'ccp_signoff.test',
    severity: 'INFO',
    body: 'A test record of Signoff for Amazon Connect',
    attributes: {},
    about: null,
    isUrgent: false,
  }
}
