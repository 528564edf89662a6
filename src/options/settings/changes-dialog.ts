import type { SettingProblem } from '../../domain/settings'
import { SETTING_KEYS, SETTING_SPECS } from '../../domain/settings'
import type { ImportPlan, SettingChange } from '../../domain/settings-file'
import { errorText } from '../../ui/ask'
import { h } from '../../ui/dom'
import { formatNumber } from '../../ui/format'
import { glyph } from '../../ui/glyph'
import { t, tCount } from '../../ui/i18n'
import { allowedWords } from '../../ui/setting-problems'
import { settingLabel, valueText } from './value-text'

/** What would change, shown before it does. */
export interface Proposal {
  readonly title: string
  readonly plan: ImportPlan
  /** Applies the changes. If it rejects, the dialog shows why and stays. */
  readonly apply: () => Promise<void>
}

/** Longer values from a file are cut: they may be anything. */
const MAX_SHOWN = 80

/** Shows what would change, and what would not and why, and asks. Nothing is changed before the answer. */
export function showProposal(dialog: HTMLDialogElement, { title, plan, apply }: Proposal): void {
  const { changes, refused, locked } = plan
  const heading = h('h3', { id: `${dialog.id}-title` }, title)
  const error = h('p', { class: 'error', role: 'alert' })
  const cancel = h(
    'button',
    { type: 'button', autofocus: true, onclick: () => dialog.close() },
    t(changes.length === 0 ? 'proposalClose' : 'proposalCancel'),
  )
  const count = formatNumber(changes.length)
  const agree = h('button', { type: 'button', class: 'primary' }, tCount('proposalApply', changes.length, count))
  agree.addEventListener('click', () => {
    agree.disabled = true
    apply().then(
      () => dialog.close(),
      (problem: unknown) => {
        agree.disabled = false
        error.textContent = t('settingNotSaved', errorText(problem))
      },
    )
  })
  dialog.setAttribute('aria-labelledby', heading.id)
  dialog.replaceChildren(
    heading,
    h(
      'div',
      { class: 'proposal', tabindex: 0, role: 'group', 'aria-labelledby': heading.id },
      changes.length === 0
        ? h('p', {}, t('proposalNothing'))
        : h('dl', { class: 'changes' }, ...changes.map(changeRow)),
      ...(refused.length === 0 ? [] : part('proposalRefused', 'warning', refused.map(refusedText))),
      ...(locked.length === 0 ? [] : part('proposalLocked', 'lock', locked.map(lockedText))),
    ),
    error,
    h('div', { class: 'buttons' }, cancel, ...(changes.length === 0 ? [] : [agree])),
  )
  dialog.showModal()
}

function changeRow({ key, from, to }: SettingChange): HTMLElement {
  return h(
    'div',
    {},
    h('dt', {}, settingLabel(key)),
    h(
      'dd',
      {},
      h('del', {}, valueText(key, SETTING_SPECS[key], from)),
      glyph('chevron'),
      h('span', { class: 'visually-hidden' }, t('proposalBecomes')),
      h('ins', {}, valueText(key, SETTING_SPECS[key], to)),
    ),
  )
}

function part(title: 'proposalRefused' | 'proposalLocked', sign: 'warning' | 'lock', lines: string[]): HTMLElement[] {
  return [h('h4', {}, glyph(sign), t(title)), h('ul', {}, ...lines.map((line) => h('li', {}, line)))]
}

function refusedText({ key, value }: SettingProblem): string {
  const known = SETTING_KEYS.find((each) => each === key)
  if (known === undefined) return t('proposalUnknownKey', short(key))
  return t('proposalNotAllowed', key, short(JSON.stringify(value)), allowedWords(SETTING_SPECS[known]))
}

function lockedText({ key, from, to }: SettingChange): string {
  return t(
    'proposalLockedKey',
    settingLabel(key),
    valueText(key, SETTING_SPECS[key], from),
    short(valueText(key, SETTING_SPECS[key], to)),
  )
}

function short(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}
