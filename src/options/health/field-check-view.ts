/** The field check as it stands: whom it may be run for, its parts, what it does now, and what it has found. */
import { mayBegin } from '../../domain/field-check/check'
import type { FieldCheckFile } from '../../domain/field-check/field-check-file'
import type { Part, Step } from '../../domain/field-check/steps'
import { PART_MINUTES, PARTS, STEPS } from '../../domain/field-check/steps'
import type { FieldCheckView } from '../../protocol/field-check-messages'
import { h } from '../../ui/dom'
import { formatNumber } from '../../ui/format'
import { t } from '../../ui/i18n'
import { pill } from '../../ui/parts'
import { fileView, resultPage } from './field-check-results'
import { CLOSE_WORDS, PART_WORDS, REFUSED_WORDS, STOPPED_WORDS } from './field-check-words'

/** What a person has chosen on the page. */
export interface FieldChoice {
  readonly docId: string | null
  readonly isConfirmed: boolean
  readonly isFileOpen: boolean
}

export interface FieldActs {
  readonly choose: (docId: string) => void
  readonly confirm: (isConfirmed: boolean) => void
  readonly start: (part: Part) => void
  readonly stop: () => void
  readonly save: (file: FieldCheckFile) => void
  readonly print: () => void
  readonly forget: () => void
  readonly fold: (isOpen: boolean) => void
}

type Check = NonNullable<FieldCheckView['check']>

export function fieldCheckParts(view: FieldCheckView, choice: FieldChoice, acts: FieldActs): HTMLElement[] {
  const { check, file } = view
  const isIdle = check === null || check.status === 'resting'
  return [
    h('p', { class: 'muted' }, t('fieldWarn')),
    ...admission(view, choice, acts),
    partList(view, choice, acts),
    ...(view.refusal === null ? [] : [h('p', { class: 'why field-admission' }, t(REFUSED_WORDS[view.refusal]))]),
    ...(check === null ? [] : ended(check)),
    ...(check === null || file === null || !isIdle ? [] : [resultPage(check, file), ...fileParts(file, choice, acts)]),
  ]
}

/** Whom it may be run for. */
function admission({ access, candidates }: FieldCheckView, choice: FieldChoice, acts: FieldActs): HTMLElement[] {
  if (access === 'off') return [h('p', { class: 'why field-admission' }, t('fieldRefused_off'))]
  if (candidates.length === 0) return [h('p', { class: 'why field-admission' }, t('fieldNoAgent'))]
  const select = h(
    'select',
    { id: 'field-agent', 'data-focus': 'field-agent', onchange: () => acts.choose(select.value) },
    ...candidates.map(({ docId, name, instance }) =>
      h('option', { value: docId, selected: docId === choice.docId }, `${name} (${instance})`),
    ),
  )
  const box = h('input', {
    type: 'checkbox',
    id: 'field-confirm',
    'data-focus': 'field-confirm',
    checked: choice.isConfirmed,
    onchange: () => acts.confirm(box.checked),
  })
  const chosen = candidates.find(({ docId }) => docId === choice.docId)
  const why = chosen?.refusal ?? null
  return [
    h('label', { class: 'field-agent' }, h('span', {}, t('fieldAgent')), select),
    ...(access === 'confirm' ? [h('label', { class: 'field-confirm' }, box, h('span', {}, t('fieldConfirm')))] : []),
    ...(why === null || why === 'unconfirmed' ? [] : [h('p', { class: 'why field-admission' }, t(REFUSED_WORDS[why]))]),
  ]
}

function partList(view: FieldCheckView, choice: FieldChoice, acts: FieldActs): HTMLElement {
  return h('ol', { class: 'field-parts' }, ...PARTS.map((part) => h('li', {}, ...partRow(part, view, choice, acts))))
}

function partRow(part: Part, view: FieldCheckView, choice: FieldChoice, acts: FieldActs): HTMLElement[] {
  const { check } = view
  const { title, text } = PART_WORDS[part]
  const isRunning = check !== null && check.status !== 'resting' && check.part === part
  const isDone = check?.done.includes(part) === true
  const button = isRunning
    ? h('button', { type: 'button', 'data-focus': 'field-stop', id: 'field-stop', onclick: acts.stop }, t('fieldStop'))
    : view.access === 'off'
      ? null
      : startButton(part, mayStart(part, view, choice), acts)
  return [
    h('h4', {}, t(title)),
    h('p', { class: 'muted' }, t(text)),
    h(
      'div',
      { class: 'field-state' },
      isDone && !isRunning
        ? pill('good', 'check', t('fieldDone'))
        : h('span', { class: 'muted' }, t('fieldMinutes', formatNumber(PART_MINUTES[part]))),
      button,
    ),
    ...(isRunning ? [h('p', { class: 'field-now' }, nowText(check))] : []),
  ]
}

function mayStart(part: Part, { check, candidates }: FieldCheckView, { docId }: FieldChoice): boolean {
  const chosen = candidates.find((one) => one.docId === docId)
  if (chosen === undefined || chosen.refusal !== null) return false
  if (check === null) return part === 'read'
  const { isRestoreDue, ...known } = check
  return !isRestoreDue && mayBegin({ ...known, original: null }, part)
}

function startButton(part: Part, isEnabled: boolean, acts: FieldActs): HTMLElement {
  const attributes = {
    type: 'button',
    id: `field-start-${part}`,
    'data-focus': `field-start-${part}`,
    'aria-disabled': isEnabled ? null : 'true',
    onclick: () => isEnabled && acts.start(part),
  }
  return h('button', attributes, t('fieldStart', t(PART_WORDS[part].title)))
}

/** What the check does now, or what the person is to do. */
export function nowText({ status, part, step }: Check): string {
  if (status === 'restoring') return t('fieldRestoring')
  const steps = STEPS[part]
  const counted = t('fieldStep', formatNumber(Math.min(step + 1, steps.length)), formatNumber(steps.length))
  const asked = steps[step] === undefined ? null : askedText(steps[step].step)
  return asked === null ? counted : `${counted}: ${asked}`
}

function askedText(step: Step): string | null {
  switch (step.do) {
    case 'await_close':
      return t(CLOSE_WORDS[step.kind].ask)
    case 'await_return':
      return t('fieldReturn')
    case 'outcome':
      return t('fieldAsking')
    default:
      return null
  }
}

/** How the last part ended, and what became of the status. */
function ended({ status, stopped, restored }: Check): HTMLElement[] {
  const isFailed = restored === 'failed'
  return [
    ...(stopped === null ? [] : [h('p', { class: 'why' }, t(STOPPED_WORDS[stopped]))]),
    ...(isFailed ? [h('p', { class: 'why', role: 'alert' }, t('fieldNotRestored'))] : []),
    ...(status === 'resting' && restored === 'restored' ? [h('p', {}, t('fieldRestored'))] : []),
  ]
}

function fileParts(file: FieldCheckFile, { isFileOpen }: FieldChoice, acts: FieldActs): HTMLElement[] {
  const details = fileView(file, isFileOpen)
  details.addEventListener('toggle', () => acts.fold(details.open))
  const button = (id: string, label: string, act: () => void): HTMLElement =>
    h('button', { type: 'button', id, 'data-focus': id, onclick: act }, label)
  return [
    details,
    h(
      'div',
      { class: 'buttons' },
      button('field-save', t('fieldSave'), () => acts.save(file)),
      button('field-print', t('fieldPrint'), acts.print),
      button('field-forget', t('fieldForget'), acts.forget),
    ),
  ]
}
