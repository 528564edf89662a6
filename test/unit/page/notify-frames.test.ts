/** @jest-environment jsdom */
import './hooks'
import { notifyFrames } from '../../../src/page/notify-frames'

const TOLD = 'ccp-signoff:told'
const heardBy = (frame: Window, name: string, heard: string[]): void =>
  frame.addEventListener(TOLD, () => heard.push(name))

/** A frame of this document, with its own document. */
function frameIn(outer: Window): Window {
  const frame = outer.document.createElement('iframe')
  outer.document.body.append(frame)
  const inner = frame.contentWindow
  if (inner === null) throw new Error('The frame has no window')
  return inner
}
const asParent = (parent: unknown): void =>
  void Object.defineProperty(window, 'parent', { value: parent, configurable: true })

let heard: string[]
beforeEach(() => (heard = []))
afterEach(() => {
  asParent(window)
  document.body.replaceChildren()
})

test('all same-site frames are notified once each, from the outermost inwards', () => {
  const first = frameIn(window)
  for (const [frame, name] of [
    [window, 'outer'],
    [first, 'first'],
    [frameIn(first), 'in the first'],
    [frameIn(window), 'second'],
  ] as const) {
    heardBy(frame, name, heard)
  }
  notifyFrames(TOLD)
  expect(heard).toEqual(['outer', 'first', 'in the first', 'second'])
})

test('a frame notifies the documents around it and beside it', () => {
  const outer = { document, parent: undefined as unknown, length: 2, 0: window, 1: frameIn(window) }
  const told: unknown[] = []
  Object.assign(outer, { parent: outer, dispatchEvent: () => told.push('outer') })
  asParent(outer)
  heardBy(window, 'self', heard)
  heardBy(outer[1], 'beside', heard)
  notifyFrames(TOLD)
  expect(told).toEqual(['outer'])
  expect(new Set(heard)).toEqual(new Set(['self', 'beside']))
})

test('a cross-site frame is not notified, and does not stop the others', () => {
  const foreign = {
    get document(): never {
      throw new DOMException('Blocked', 'SecurityError')
    },
  }
  asParent(foreign)
  const inner = frameIn(window)
  jest.spyOn(inner, 'dispatchEvent').mockImplementation(() => {
    throw new DOMException('Blocked', 'SecurityError')
  })
  heardBy(window, 'self', heard)
  heardBy(frameIn(window), 'second', heard)
  notifyFrames(TOLD)
  expect(heard).toEqual(['self', 'second'])
})
