/** @jest-environment jsdom */
import './hooks'
import { watchUserInput } from '../../../src/page/user-input'

test('events made by a script are not user input', () => {
  const touch = watchUserInput()
  window.dispatchEvent(new KeyboardEvent('keydown'))
  window.dispatchEvent(new Event('pointerdown'))
  expect(touch.at()).toBe(0)
  touch.stop()
})

test('input in a frame of this CCP is reported to the documents around it', () => {
  const touch = watchUserInput()
  window.dispatchEvent(new Event('ccp-signoff:touched'))
  expect(touch.at()).toBeGreaterThan(0)
  touch.stop()
})

test('once stopped, it notices nothing', () => {
  const touch = watchUserInput()
  touch.stop()
  window.dispatchEvent(new Event('ccp-signoff:touched'))
  expect(touch.at()).toBe(0)
})
