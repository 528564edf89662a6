/** Values of settings that are not in force: named with what would be allowed, where their owner looks. */
import type { SourcedProblem } from '../../domain/policy'
import type { Ask } from '../../ui/ask'
import { h } from '../../ui/dom'
import { t } from '../../ui/i18n'
import { notice } from '../../ui/parts'

export function problemNotices(problems: readonly SourcedProblem[]): HTMLElement[] {
  const ofPolicy = problems.filter(({ source }) => source === 'policy')
  const ofUser = problems.filter(({ source }) => source === 'user')
  return [
    ...(ofPolicy.length === 0 ? [] : [notice('bad', t('policyProblemsTitle'), list(ofPolicy))]),
    ...(ofUser.length === 0 ? [] : [notice('warn', t('settingsProblemsTitle'), list(ofUser))]),
  ]
}

function list(problems: readonly SourcedProblem[]): HTMLElement {
  return h('ul', {}, ...problems.map((problem) => h('li', {}, problemText(problem))))
}

function problemText({ source, key, value, allowed }: SourcedProblem): string {
  if (allowed === null) return t('settingProblemKey', key)
  const word = source === 'policy' ? 'settingProblemPolicy' : 'settingProblemValue'
  return t(word, key, JSON.stringify(value), allowed)
}

/**
 * Shows them at a place of their own.
 * @returns to be called when they may have changed. What cannot be read is told by whoever else asks for the settings.
 */
export function settingProblems(place: HTMLElement, ask: Ask): () => Promise<void> {
  return async () => {
    const { problems } = await ask('get_settings').catch(() => ({ problems: [] }))
    place.replaceChildren(...problemNotices(problems))
  }
}
