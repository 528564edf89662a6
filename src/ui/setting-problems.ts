/** Values of settings that are not in force: listed with the allowed values, where their owner looks. */
import type { SourcedProblem } from '../domain/policy'
import { makesObserve } from '../domain/settings'
import { POLICY_SPECS } from '../domain/policy'
import type { SettingSpec } from '../domain/setting-spec'
import { allowedValues } from '../domain/setting-spec'
import { h } from './dom'
import { t } from './i18n'
import { notice } from './parts'

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

export function problemText({ source, key, value }: SourcedProblem): string {
  const spec = Object.hasOwn(POLICY_SPECS, key) ? POLICY_SPECS[key] : undefined
  if (spec === undefined) return t('settingProblemKey', key)
  const word = source === 'policy' ? 'settingProblemPolicy' : 'settingProblemValue'
  const instead = t(makesObserve({ key }) ? 'settingProblemObserve' : 'settingProblemDefault')
  return `${t(word, key, JSON.stringify(value), allowedWords(spec))} ${instead}`
}

/** The values that a setting takes, as a text. */
export function allowedWords(spec: SettingSpec): string {
  switch (spec.kind) {
    case 'text':
      return t(spec.format === 'endpoint' ? 'allowedEndpoint' : 'allowedText')
    case 'list':
      if (spec.format === 'header') return t('allowedHeaders')
      if (spec.format === 'attribute') return t('allowedAttributes')
      return spec.items === null ? t('allowedTexts') : t('allowedListOf', spec.items.join(' | '))
    case 'choice':
    case 'switch':
    case 'number':
      // Codes and numbers, the same in all languages.
      return allowedValues(spec)
  }
}
