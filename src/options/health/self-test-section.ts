import type { SelfTestResult, SelfTestStep, Verdict } from '../../domain/self-test-steps'
import { SELF_TEST_STEPS, worstOf } from '../../domain/self-test-steps'
import type { Ask } from '../../ui/ask'
import { errorText } from '../../ui/ask'
import { h } from '../../ui/dom'
import { formatNumber } from '../../ui/format'
import { t, tCount } from '../../ui/i18n'
import { pill } from '../../ui/parts'
import { findingLine, STEP_TITLES, VERDICTS } from './self-test-words'

/** How long to wait for the background to answer, in ms: longer than any step takes. */
const PATIENCE_MS = 10_000

/**
 * The self-test: a button, and the finding of each step. The live region announces its beginning and end; the steps between
 * are there to read.
 */
export function selfTestSection(place: HTMLElement, ask: Ask): void {
  const steps = h('ol', { class: 'steps', hidden: true })
  const said = h('p', { role: 'status', class: 'muted' })
  const start = h('button', { type: 'button', id: 'self-test-run' }, t('selfTestRun'))
  let isRunning = false

  const run = async () => {
    isRunning = true
    start.setAttribute('aria-disabled', 'true')
    said.textContent = t('selfTestRunning')
    const rows = SELF_TEST_STEPS.map((step) => ({ step, row: h('li', {}, ...stepContent(step, 'waiting')) }))
    steps.replaceChildren(...rows.map(({ row }) => row))
    steps.hidden = false
    const verdicts: Verdict[] = []
    for (const { step, row } of rows) {
      row.replaceChildren(...stepContent(step, 'running'))
      const result = await oneStep(step, ask)
      verdicts.push(verdictOf(result))
      row.replaceChildren(...stepContent(step, result))
      // Without the background, nothing else can be asked.
      if (step === 'background' && verdictOf(result) === 'bad') break
    }
    for (const { step, row } of rows.slice(verdicts.length)) row.replaceChildren(...stepContent(step, 'skipped'))
    said.textContent = summary(verdicts)
    start.textContent = t('selfTestAgain')
    start.removeAttribute('aria-disabled')
    isRunning = false
  }
  start.addEventListener('click', () => {
    // It keeps the focus while it runs: a disabled button would lose it.
    if (!isRunning) void run()
  })
  place.replaceChildren(
    h(
      'div',
      { class: 'about' },
      h(
        'div',
        {},
        h('h3', { id: 'self-test-title' }, t('selfTestTitle')),
        h('p', { class: 'muted' }, t('selfTestText')),
      ),
      start,
    ),
    said,
    steps,
  )
}

/** Never rejects: a background that does not answer is a finding. */
async function oneStep(step: SelfTestStep, ask: Ask): Promise<SelfTestResult> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(t('errorBackground', t('errorNoAnswer')))), PATIENCE_MS)
  })
  try {
    return await Promise.race([ask('self_test', { step }), late])
  } catch (error) {
    return { step, findings: [{ code: 'failed', verdict: 'bad', values: [errorText(error)] }] }
  } finally {
    clearTimeout(timer)
  }
}

const verdictOf = ({ findings }: SelfTestResult): Verdict => worstOf(findings.map(({ verdict }) => verdict))

function stepContent(step: SelfTestStep, result: SelfTestResult | 'waiting' | 'running' | 'skipped'): HTMLElement[] {
  const title = h('h4', {}, t(STEP_TITLES[step]))
  switch (result) {
    case 'waiting':
      return [title]
    case 'running':
      return [title, pill('neutral', 'clock', t('selfTestChecking'))]
    case 'skipped':
      return [title, pill('neutral', 'dash', t('selfTestSkipped'))]
    default: {
      const { word, tone, glyph } = VERDICTS[verdictOf(result)]
      return [title, pill(tone, glyph, t(word)), h('ul', {}, ...result.findings.map(findingLine))]
    }
  }
}

function summary(verdicts: readonly Verdict[]): string {
  const wrong = verdicts.filter((verdict) => verdict === 'bad' || verdict === 'warn').length
  if (wrong === 0) return t('selfTestAllWell')
  return tCount('selfTestWrong', wrong, formatNumber(wrong))
}
