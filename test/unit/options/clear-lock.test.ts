/** @jest-environment jsdom */
import { clearLock } from '../../../src/options/log/clear-lock'
import type { Ask } from '../../../src/ui/ask'

const shown = async (answer: Promise<unknown>): Promise<boolean> => {
  const button = document.createElement('button')
  await clearLock(button, (() => answer) as unknown as Ask)()
  return !button.hidden
}

test('the log can be cleared by those who may change its retention', async () => {
  expect(await shown(Promise.resolve({ locked: ['mode'] }))).toBe(true)
  expect(await shown(Promise.resolve({ locked: ['mode', 'retentionDays'] }))).toBe(false)
})

test('if the background does not answer, the button stays, and the click decides', async () => {
  expect(await shown(Promise.reject(new Error('gone')))).toBe(true)
})
