/** @jest-environment jsdom */
import { redrawer } from '../../../src/ui/redraw'

let place: HTMLElement
let clicks: string[]
let redraw: (replace: () => void) => void

/** Inserts a new button, as a redrawn list does. */
function draw(name: string): void {
  const button = document.createElement('button')
  button.textContent = name
  button.dataset['focus'] = 'the-button'
  button.addEventListener('click', () => clicks.push(name))
  place.replaceChildren(button)
}
const shown = (): string | null => place.textContent
function button(): HTMLButtonElement {
  const found = place.querySelector('button')
  if (found === null) throw new Error('There is no button')
  return found
}
const fire = (type: string, on: EventTarget = button()) => on.dispatchEvent(new MouseEvent(type, { bubbles: true }))
const space = (type: string) => button().dispatchEvent(new KeyboardEvent(type, { key: ' ', bubbles: true }))

beforeEach(() => {
  jest.useFakeTimers()
  clicks = []
  place = document.createElement('div')
  place.tabIndex = -1
  document.body.replaceChildren(place)
  redraw = redrawer(place, () => place)
  draw('first')
})
afterEach(() => {
  // Releases what is still pressed, because other places listen to the same window.
  fire('pointerup', window)
  jest.runAllTimers()
  jest.useRealTimers()
})

test('draws at once while nothing is pressed', () => {
  redraw(() => draw('second'))
  expect(shown()).toBe('second')
})

test.each([
  ['a pointer', () => fire('pointerdown'), () => fire('pointerup')],
  ['the space bar', () => space('keydown'), () => space('keyup')],
])(
  'while %s is down, redraws wait until the click has been handled, and only the newest is drawn',
  (_what, down, up) => {
    down()
    redraw(() => draw('second'))
    redraw(() => draw('third'))
    expect(shown()).toBe('first')
    up()
    expect(shown()).toBe('first')
    button().click()
    expect([clicks, shown()]).toEqual([['first'], 'third'])
    jest.runAllTimers()
    expect(shown()).toBe('third')
  },
)

test('what the click itself draws appears at once', () => {
  fire('pointerdown')
  button().addEventListener('click', () => redraw(() => draw('asked')))
  fire('pointerup')
  button().click()
  expect(shown()).toBe('asked')
})

test.each(['pointerup', 'pointercancel', 'contextmenu', 'blur'])(
  'a press that leads to no click (%s elsewhere) ends as well',
  (end) => {
    fire('pointerdown')
    redraw(() => draw('second'))
    fire(end, window)
    jest.advanceTimersByTime(99)
    expect(shown()).toBe('first')
    jest.advanceTimersByTime(1)
    expect(shown()).toBe('second')
  },
)

test('a press that takes the focus from another element counts, too', () => {
  const other = document.createElement('button')
  document.body.append(other)
  other.focus()
  fire('pointerdown')
  button().focus()
  redraw(() => draw('second'))
  jest.advanceTimersByTime(1_000)
  expect(shown()).toBe('first')
  fire('pointerup')
  jest.runAllTimers()
  expect(shown()).toBe('second')
})

test('another mouse button does not count as a press', () => {
  button().dispatchEvent(new MouseEvent('pointerdown', { bubbles: true, button: 2 }))
  redraw(() => draw('second'))
  expect(shown()).toBe('second')
})

test('a second press right after the first counts, too', () => {
  fire('pointerdown')
  fire('pointerup')
  fire('pointerdown')
  jest.runAllTimers()
  redraw(() => draw('second'))
  expect(shown()).toBe('first')
})

test('a key that does not press delays nothing', () => {
  button().dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
  redraw(() => draw('second'))
  expect(shown()).toBe('second')
})

test('the focused element regains the focus by its name; if it is gone, the caller’s fallback gets it', () => {
  button().focus()
  redraw(() => draw('second'))
  expect(document.activeElement).toBe(button())
  redraw(() => place.replaceChildren())
  expect(document.activeElement).toBe(place)
})

test('the focus is not taken from other elements', () => {
  const other = document.createElement('button')
  document.body.append(other)
  other.focus()
  redraw(() => draw('second'))
  expect(document.activeElement).toBe(other)
})
