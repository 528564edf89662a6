/** @jest-environment jsdom */
import './hooks'
import { watchUserInput } from '../../../src/page/user-input'

test('what a script does is no touch', () => {
  const touch = watchUserInput()
  window.dispatchEvent(new KeyboardEvent('keydown'))
  window.dispatchEvent(new Event('pointerdown'))
  expect(touch.at()).toBe(0)
  touch.stop()
})

test('a touch in a frame of this CCP is told to the documents around it', () => {
  const touch = watchUserInput()
  window.dispatchEvent(new Event('ccp-signoff:touched'))
  expect(touch.at()).toBeGreaterThan(0)
  touch.stop()
})

test('stopped, it hears nothing', () => {
  const touch = watchUserInput()
  touch.stop()
  window.dispatchEvent(new Event('ccp-signoff:touched'))
  expect(touch.at()).toBe(0)
})
