import { ask } from '../../../src/ui/ask'
import { onStored } from '../../../src/ui/changes'
import { browser, changeListeners } from './fake-browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./fake-browser'))

test('sends what the protocol expects, and returns the value', async () => {
  browser.runtime.sendMessage.mockResolvedValue({ ok: true, value: null })
  await expect(ask('dismiss_flag', { closeId: 'close-1' })).resolves.toBeNull()
  expect(browser.runtime.sendMessage).toHaveBeenCalledWith({ kind: 'ui', type: 'dismiss_flag', closeId: 'close-1' })
})

test.each([
  ['an error', () => Promise.resolve({ ok: false, error: 'The store is full.' }), 'The store is full.'],
  ['no answer', () => Promise.resolve(undefined), 'no answer came back'],
  ['a background that is gone', () => Promise.reject(new Error('Receiving end does not exist.')), 'Receiving end'],
])('%s is reported as text', async (_what, answer, words) => {
  browser.runtime.sendMessage.mockImplementation(answer)
  await expect(ask('get_status')).rejects.toThrow(words)
})

test('is notified only by the extension’s own signals for the keys it watches', () => {
  const heard = jest.fn()
  onStored(['log'], heard)
  for (const listener of changeListeners) {
    listener({ 'stored:sessions': {} }, 'session')
    listener({ 'stored:log': {}, log: {} }, 'local')
  }
  expect(heard).not.toHaveBeenCalled()
  for (const listener of changeListeners) listener({ 'stored:log': {} }, 'session')
  expect(heard).toHaveBeenCalledTimes(1)
})
