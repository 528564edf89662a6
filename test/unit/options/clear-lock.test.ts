/** @jest-environment jsdom */
import { clearLock } from '../../../src/options/log/clear-lock'
import type { Ask } from '../../../src/ui/ask'

const shown = async (answer: Promise<unknown>): Promise<boolean> => {
  const button = document.createElement('button')
  await clearLock(button, (() => answer) as unknown as Ask)()
  return !button.hidden
}

test('the log can be cleared by who may change how long it is kept', async () => {
  expect(await shown(Promise.resolve({ locked: ['mode'] }))).toBe(true)
  expect(await shown(Promise.resolve({ locked: ['mode', 'retentionDays'] }))).toBe(false)
})

test('where the background does not say, it is asked by the click', async () => {
  expect(await shown(Promise.reject(new Error('gone')))).toBe(true)
})
