import type { CallError } from '../domain/close-report'
import type { LeaveOutcome } from '../domain/leave-rules'
import { dress } from './leave-modal-style'
import { text } from './texts'

/** What the modal shows. */
export interface LeaveResult {
  readonly outcome: LeaveOutcome
  /** The agent's name for the offline state. */
  readonly offline: string
  /** The state that the agent wanted to leave. */
  readonly state: string
  readonly errors: readonly CallError[]
}

const HOST = 'ccp-signoff-leave'

interface Actions {
  readonly tryAgain: () => void
  readonly close: () => void
  readonly stay: () => void
}

/** Whether the outcome is bad, and whether trying again could help. */
const OUTCOMES: Readonly<Record<LeaveOutcome, { tone: 'good' | 'bad' | 'busy'; again: boolean }>> = {
  asking: { tone: 'busy', again: true },
  taken: { tone: 'good', again: false },
  offline: { tone: 'good', again: false },
  queued: { tone: 'good', again: false },
  failed: { tone: 'bad', again: true },
  unknown: { tone: 'bad', again: true },
  cannot: { tone: 'bad', again: false },
  kept: { tone: 'good', again: false },
}

/**
 * The modal over the CCP of an agent who was asked whether to leave, and stayed. It is in a closed shadow root: the page's styles
 * and scripts do not reach into it, nor its own style out of it. The page can remove it; then the CCP is as stock.
 */
export class LeaveModal {
  private readonly host = make(HOST)
  private readonly root = this.host.attachShadow({ mode: 'closed' })
  private readonly dialog = make('dialog', { role: 'alertdialog', 'aria-modal': 'true' })
  private readonly title = make('h2', { id: 'title' })
  private readonly words = make('p', { id: 'words' })
  private readonly error = make('code')
  private readonly again = make('button', { type: 'button' })
  private readonly leave = make('button', { type: 'button' })
  private readonly stay = make('button')

  constructor(actions: Actions) {
    const { root, dialog, again, leave, stay } = this
    dialog.lang = text('langTag')
    dialog.dir = text('textDirection')
    dialog.setAttribute('aria-labelledby', 'title')
    dialog.setAttribute('aria-describedby', 'words error')
    this.error.id = 'error'
    const said = make('div', { class: 'said', 'aria-live': 'polite', 'aria-atomic': 'true' })
    const from = make('p', { class: 'from' })
    from.textContent = text('extName')
    said.append(this.title, this.words, this.error)
    // The browser itself closes the dialog, by this form and by Escape, even where the extension has gone and its scripts are
    // dead.
    const buttons = make('form', { class: 'buttons', method: 'dialog' })
    buttons.append(again, stay, leave)
    dialog.append(from, said, buttons)
    root.append(dialog)
    dress(root)
    again.textContent = text('leaveTryAgain')
    stay.textContent = text('leaveStay')
    again.addEventListener('click', () => {
      if (again.ariaDisabled !== 'true') actions.tryAgain()
    })
    leave.addEventListener('click', () => actions.close())
    dialog.addEventListener('close', () => {
      if (!this.host.isConnected) return
      this.host.remove()
      actions.stay()
    })
    dialog.addEventListener('keydown', (event) => this.onKey(event))
  }

  /** Removes what an earlier content script has left in this document. */
  static sweep(): void {
    document.querySelectorAll(HOST).forEach((left) => left.remove())
  }

  /** Shows a result; the modal opens with the first one, and takes the focus. */
  show({ outcome, offline, state, errors }: LeaveResult): void {
    const { dialog, again, leave, stay } = this
    const { tone, again: mayHelp } = OUTCOMES[outcome]
    dialog.className = tone
    this.say(...wordsOf(outcome, offline, state))
    const said = outcome === 'failed' ? errors.map(({ type, message }) => (message ? `${type}: ${message}` : type)) : []
    setText(this.error, [...new Set(said)].join('\n'))
    this.error.hidden = said.length === 0
    setText(leave, text(tone === 'good' ? 'leaveClose' : 'leaveCloseAnyway'))
    const hadFocus = this.root.activeElement === again
    again.hidden = !mayHelp
    again.ariaDisabled = String(tone === 'busy')
    // One main button, across the whole width; below it, links.
    again.classList.toggle('primary', mayHelp)
    stay.classList.toggle('primary', !mayHelp)
    if (!this.host.isConnected) {
      document.documentElement.append(this.host)
      dialog.showModal()
      ;(mayHelp ? again : stay).focus()
    } else if (hadFocus && again.hidden) stay.focus()
  }

  /** Says that the browser cannot close the page: the agent has to. */
  sayCloseNow(): void {
    setText(this.words, text('leaveCloseNow'))
  }

  /** Removes the modal, and returns the focus to where it was. */
  close(): void {
    this.dialog.close()
    // Before the dialog's own event, which comes in a task of its own: closing the modal here is not the agent's choice.
    this.host.remove()
  }

  private say(title: string, words: string): void {
    setText(this.title, title)
    setText(this.words, words)
  }

  private onKey(event: KeyboardEvent): void {
    // The CCP must not receive what is typed here.
    event.stopPropagation()
    if (event.key !== 'Tab') return
    const shown = [this.again, this.stay, this.leave].filter(({ hidden }) => !hidden)
    const [from, to] = event.shiftKey ? [shown[0], shown.at(-1)] : [shown.at(-1), shown[0]]
    if (from === undefined || this.root.activeElement !== from) return
    event.preventDefault()
    to?.focus()
  }
}

function wordsOf(outcome: LeaveOutcome, offline: string, state: string): [string, string] {
  switch (outcome) {
    case 'asking':
      return [text('leaveAsking', offline), text('leaveAskingText')]
    case 'taken':
      return [text('leaveOffline', offline), text('leaveTakenText', state)]
    case 'offline':
      return [text('leaveOffline', offline), text('leaveOfflineText')]
    case 'queued':
      return [text('leaveQueued', offline), text('leaveQueuedText')]
    case 'failed':
      return [text('leaveNotSet', state), text('leaveFailedText', offline)]
    case 'unknown':
      return [text('leaveNotSet', state), text('leaveUnknownText')]
    case 'cannot':
      return [text('leaveNotSet', state), text('leaveCannotText')]
    case 'kept':
      return [text('leaveKept'), text('leaveKeptText')]
  }
}

/** A live region announces every change, even to the same text. */
function setText(element: HTMLElement, next: string): void {
  if (element.textContent !== next) element.textContent = next
}

function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes?: Readonly<Record<string, string>>,
): HTMLElementTagNameMap[K]
function make(tag: string): HTMLElement
function make(tag: string, attributes: Readonly<Record<string, string>> = {}): HTMLElement {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  return element
}
