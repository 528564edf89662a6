/** @jest-environment jsdom */
import type { LeaveChoice } from '../../../src/domain/leave-rules'
import { LeaveWatch } from '../../../src/content/leave-watch'
import type { DocumentEvent } from '../../../src/domain/closes/events'
import type { PageMessage } from '../../../src/protocol/page-messages'
import { agentEvent, closing, facts, succeeded } from '../domain/build'

jest.mock('../../../src/platform/content-browser', () => {
  Object.assign(globalThis, { chrome: jest.requireActual<{ browser: object }>('../ui/fake-browser').browser })
  return jest.requireActual<object>('../../../src/platform/content-browser')
})

let root: ShadowRoot
let chosen: LeaveChoice[]
let watch: LeaveWatch

const host = (): Element | null => document.querySelector('ccp-signoff-leave')
const button = (name: string): HTMLButtonElement | undefined =>
  [...root.querySelectorAll('button')].find(({ textContent, hidden }) => textContent === name && !hidden)
const title = (): string | null | undefined => root.querySelector('h2')?.textContent
const words = (): string | null | undefined => root.querySelector('#words')?.textContent
const refused: PageMessage = { type: 'leave_refused', closeId: 'c1' }
const failed = (closeId: string, message = 'Not now'): PageMessage => ({
  type: 'result',
  closeId,
  result: { ok: false, error: { type: 'InvalidStateException', message } },
})

beforeEach(() => {
  jest.useFakeTimers()
  // What jsdom lacks: dialogs that open, and style sheets without a document.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
  HTMLDialogElement.prototype.close = function () {
    this.open = false
    setTimeout(() => this.dispatchEvent(new Event('close')))
  }
  CSSStyleSheet.prototype.replaceSync = () => undefined
  const attach = Object.getOwnPropertyDescriptor(Element.prototype, 'attachShadow')?.value as (
    init: ShadowRootInit,
  ) => ShadowRoot
  jest.spyOn(Element.prototype, 'attachShadow').mockImplementation(function (this: Element, init: ShadowRootInit) {
    expect(init.mode).toBe('closed')
    root = attach.call(this, init)
    return root
  })
  chosen = []
  watch = new LeaveWatch((choice) => chosen.push(choice))
  say(agentEvent(facts()))
})
afterEach(() => watch.stop())

const say = (...docEvent: (PageMessage | DocumentEvent)[]): void => {
  for (const each of docEvent) watch.note(each as Parameters<LeaveWatch['note']>[0])
}

test('shows nothing unless the agent was asked and stayed', () => {
  say(closing('c1'), failed('c1'), { type: 'stayed', closeId: 'c1' }, { type: 'leave_refused', closeId: 'another' })
  expect(host()).toBeNull()
})

test('if nothing was sent, the modal says that nothing has changed, and offers no retry', () => {
  say(closing('c1', { did: { action: 'left', reason: 'contact_first' } }), refused)
  expect(title()).toBe('Your status is as it was')
  expect(button('Try again')).toBeUndefined()
  expect(button('Stay on this page')).toBeDefined()
  expect(words()).toContain('Signoff changed nothing.')
})

test('what was accepted before the modal is shown once a snapshot shows it', () => {
  say(closing('c1'), succeeded('c1'), refused)
  expect(title()).toBe('Setting you Abgemeldet…')
  say(agentEvent(facts('offline')))
  expect(title()).toBe('You are Abgemeldet now')
  expect(button('Try again')).toBeUndefined()
  expect(root.activeElement).toBe(button('Stay on this page'))
})

test('names from the instance are shown as text, whatever they contain', () => {
  say(closing('c1'), failed('c1', '<img src=x>'), failed('c1', '<img src=x>'), refused)
  expect(title()).toBe('You may still be Verfügbar')
  expect(root.querySelector('code')?.textContent).toBe('InvalidStateException: <img src=x>')
  expect(root.querySelector('img')).toBeNull()
})

test('waits for an answer, up to its limit', () => {
  say(closing('c1'), refused)
  expect(title()).toBe('Setting you Abgemeldet…')
  button('Try again')?.click()
  expect(chosen).toEqual([])
  jest.advanceTimersByTime(5_000)
  expect(words()).toBe('Connect has not confirmed it. Try again, or check your status in the CCP.')
  say(agentEvent(facts('offline')))
  expect(title()).toBe('You are Abgemeldet now')
})

test('a retry is sent to the bridge, and its result is shown', () => {
  say(closing('c1'), failed('c1'), failed('c1'), refused)
  expect(root.activeElement).toBe(button('Try again'))
  button('Try again')?.click()
  expect(chosen).toEqual(['try_again'])
  say(closing('c2'))
  expect(title()).toBe('Setting you Abgemeldet…')
  expect(button('Try again')?.ariaDisabled).toBe('true')
  say(failed('c1'), succeeded('c2'), agentEvent(facts('offline')))
  expect(title()).toBe('You are Abgemeldet now')
  expect(root.activeElement).toBe(button('Stay on this page'))
})

test('if the browser does not let the page close itself, the modal says so', () => {
  say(closing('c1'), succeeded('c1'), agentEvent(facts('offline')), refused)
  button('Close this page')?.click()
  expect(chosen).toEqual(['close'])
  jest.advanceTimersByTime(1_000)
  expect(words()).toBe('You can close this page now. You will not be asked again.')
})

test('staying removes the modal; the browser itself closes the dialog', () => {
  say(closing('c1'), succeeded('c1'), refused)
  expect(button('Stay on this page')?.type).toBe('submit')
  expect(root.querySelector('form')?.getAttribute('method')).toBe('dialog')
  root.querySelector('dialog')?.close()
  jest.runOnlyPendingTimers()
  expect(host()).toBeNull()
  expect(chosen).toEqual(['stay'])
})

test('the end of the extension removes the modal, and is not a choice', () => {
  say(closing('c1'), succeeded('c1'), refused)
  watch.stop()
  jest.runOnlyPendingTimers()
  expect(host()).toBeNull()
  expect(chosen).toEqual([])
})

test('a modal left by an earlier version of the extension is removed', () => {
  document.documentElement.append(document.createElement('ccp-signoff-leave'))
  new LeaveWatch(() => undefined)
  expect(host()).toBeNull()
})

test('Tab cycles within the modal', () => {
  say(closing('c1'), failed('c1'), failed('c1'), refused)
  const press = (shiftKey: boolean): boolean =>
    root
      .querySelector('dialog')
      ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab', shiftKey, cancelable: true })) ?? true
  expect(press(true)).toBe(false)
  expect(root.activeElement).toBe(button('Close anyway'))
  expect(press(false)).toBe(false)
  expect(root.activeElement).toBe(button('Try again'))
  // In between, the browser moves the focus.
  expect(press(false)).toBe(true)
})

test.each([
  ['failed', [failed('c1'), failed('c1')], 'Try again', ['Stay on this page', 'Close anyway']],
  ['succeeded', [succeeded('c1'), agentEvent(facts('offline'))], 'Stay on this page', ['Close this page']],
])('there is one main action if the change %s, with the rest as links below it', (_, results, first, rest) => {
  say(closing('c1'), ...results, refused)
  const shown = [...root.querySelectorAll('button')].filter(({ hidden }) => !hidden)
  expect(shown.map(({ textContent }) => textContent)).toEqual([first, ...rest])
  expect(shown.map(({ className }) => className)).toEqual(['primary', ...rest.map(() => '')])
})
