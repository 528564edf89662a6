import type { Part } from '../../domain/field-check/steps'
import type { FieldCheckView } from '../../protocol/field-check-messages'
import type { Ask } from '../../ui/ask'
import { errorText } from '../../ui/ask'
import { h } from '../../ui/dom'
import { t } from '../../ui/i18n'
import { redrawer } from '../../ui/redraw'
import type { SaveFile } from '../../ui/save-file'
import { fileText } from './field-check-results'
import type { FieldActs, FieldChoice } from './field-check-view'
import { fieldCheckParts, nowText } from './field-check-view'

/** While the check runs, the page asks how far it is this often, in ms. */
const LOOK_MS = 1_000

export interface FieldCheckSection {
  /** Whether its section of the page is the one that is shown. */
  show(isShown: boolean): void
  /** Asks the background again. */
  refresh(): Promise<void>
}

interface Around {
  readonly ask: Ask
  readonly saveFile: SaveFile
  readonly print: () => void
  /** Holds a port to the background: with its end nobody can press Stop. */
  readonly connect: () => void
}

/** "Check against this instance": begins its parts, shows how far it is, and what it has found. */
export function fieldCheckSection(place: HTMLElement, { ask, saveFile, print, connect }: Around): FieldCheckSection {
  const said = h('p', { role: 'status' })
  const body = h('div', { class: 'field-body' })
  let choice: FieldChoice = { docId: null, isConfirmed: false, isFileOpen: false }
  let view: FieldCheckView | null = null
  let isShown = false
  let shownText = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  const redraw = redrawer(body, () => null)

  const draw = (): void => {
    if (view === null) return
    const docIds = view.candidates.map(({ docId }) => docId)
    if (choice.docId === null || !docIds.includes(choice.docId)) choice = { ...choice, docId: docIds[0] ?? null }
    const parts = fieldCheckParts(view, choice, acts)
    const text = parts.map(({ outerHTML }) => outerHTML).join('')
    if (text === shownText) return
    shownText = text
    redraw(() => body.replaceChildren(...parts))
  }
  const take = (next: FieldCheckView): void => {
    view = next
    const { check } = next
    const now = check === null || check.status === 'resting' ? '' : nowText(check)
    if (said.textContent !== now && (now !== '' || isRunningText)) said.textContent = now
    isRunningText = now !== ''
    // A later worker than the one that began the check learns of this page's end as well.
    if (isRunningText) connect()
    draw()
    clearTimeout(timer)
    if (isShown && isRunningText) timer = setTimeout(() => void refresh(), LOOK_MS)
  }
  let isRunningText = false
  const request = async (act: Part | 'look' | 'stop' | 'forget'): Promise<void> => {
    try {
      const { docId, isConfirmed } = choice
      take(await ask('field_check', { act, isConfirmed, ...(docId !== null && { docId }) }))
    } catch (error) {
      said.textContent = errorText(error)
    }
  }
  const refresh = (): Promise<void> => (isShown ? request('look') : Promise.resolve())
  const acts: FieldActs = {
    choose: (docId) => {
      choice = { ...choice, docId }
      void request('look')
    },
    confirm: (isConfirmed) => {
      choice = { ...choice, isConfirmed }
      void request('look')
    },
    start: (part) => {
      connect()
      void request(part)
    },
    stop: () => void request('stop'),
    save: (file) => {
      const name = `signoff-field-check-${file.day}.json`
      saveFile(name, new Blob([fileText(file)], { type: 'application/json' }))
      said.textContent = t('fieldSaved', name)
    },
    print,
    forget: () => void request('forget'),
    fold: (isFileOpen) => {
      choice = { ...choice, isFileOpen }
    },
  }
  place.replaceChildren(
    h('h3', { id: 'field-check-title' }, t('fieldTitle')),
    h('p', { class: 'muted' }, t('fieldText')),
    said,
    body,
  )
  return {
    show: (next) => {
      isShown = next
      void refresh()
    },
    refresh,
  }
}
