/** @jest-environment jsdom */
import type { LogEntry } from '../../../src/domain/log-entry'
import type { Flag } from '../../../src/domain/closes/state'
import { leftAvailable } from '../../../src/options/log/left-available'
import type { Status } from '../../../src/protocol/ui-messages'
import type { Ask } from '../../../src/ui/ask'
import { NOW, sampleDocument, sampleEntry, sampleStatus } from '../ui/samples'
import { storeOf } from './log-store'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

const FLAG: Flag = {
  why: 'close',
  closeId: 'close-1',
  instance: 'acme.my.connect.aws',
  username: 'dana.reyes',
  agentName: 'Dana Reyes',
  since: NOW - 5 * 60_000,
  outcome: 'unconfirmed',
  stateBefore: sampleEntry().stateBefore,
  target: null,
  isObserved: false,
  url: 'https://acme.my.connect.aws/ccp-v2/',
}
const OTHER: Flag = { ...FLAG, closeId: 'close-2', agentName: 'Li Wei', username: 'li.wei', since: NOW - 60_000 }

const asked = jest.fn<Promise<unknown>, [string, object?]>()
let place: HTMLElement
let entries: LogEntry[]
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))
const openLog = jest.fn(() => Promise.resolve(storeOf(() => entries)))

async function show(status: Partial<Status>): Promise<() => Promise<void>> {
  says(status)
  const refresh = leftAvailable(place, asked as unknown as Ask, openLog, () => NOW)
  await refresh()
  return refresh
}
function says(status: Partial<Status>): void {
  asked.mockImplementation((type) => Promise.resolve(type === 'get_status' ? sampleStatus(status) : null))
}
function button(text: string, at = 0): HTMLButtonElement {
  const found = [...place.querySelectorAll('button')].filter((each) => each.textContent === text)[at]
  if (found === undefined) throw new Error(`No button “${text}”`)
  return found
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setTimeout'] })
  entries = []
  place = document.createElement('div')
  document.body.replaceChildren(place)
})
afterEach(() => jest.useRealTimers())

test('without flags it says so, and for which browser', async () => {
  await show({ flags: [] })
  expect(place.textContent).toContain('Nobody left Available')
  expect(place.textContent).toContain('Only this browser.')
  expect(place.querySelector('button')).toBeNull()
})

test('lists who, since when, where and what to do, latest first, and for which browser', async () => {
  await show({ flags: [FLAG, OTHER] })
  const items = [...place.querySelectorAll('li')].map((item) => item.textContent)
  expect(items).toHaveLength(2)
  expect(items[0]).toContain('Li Wei may still be Available')
  expect(items[1]).toContain('Dana Reyes may still be Available')
  expect(items[1]).toContain('5 minutes ago')
  expect(items[1]).toContain('acme.my.connect.aws')
  expect(items[1]).toContain('In the CCP, the agent can set Offline.')
  expect(place.querySelectorAll('time')[1]?.dateTime).toBe(new Date(FLAG.since).toISOString())
  expect(place.textContent).toContain('Only this browser.')
})

test('shows the reason from the log; an unreadable log removes nothing else', async () => {
  entries = [sampleEntry({ outcome: 'unconfirmed', evidence: 'none', reason: 'no_answer' })]
  const refresh = await show({ flags: [FLAG] })
  expect(place.textContent).toContain('Connect gave no answer for as long as it was asked.')
  openLog.mockRejectedValueOnce(new Error('QuotaExceededError'))
  await refresh()
  expect(place.textContent).toContain('Dana Reyes may still be Available')
  expect(place.textContent).not.toContain('gave no answer')
})

test.each([
  ['locked', 'the computer is locked'],
  ['idle', 'nobody is at the computer'],
  ['slept', 'while the computer slept'],
  ['no_ccp', 'then somebody chose Available again'],
] as const)('shows the reason for an absent agent: %s', async (why, text) => {
  await show({ flags: [{ ...FLAG, why, outcome: 'left_available' }] })
  expect(place.textContent).toContain(text)
})

test('an unprotected page is listed without a name', async () => {
  const flag = { ...FLAG, why: 'unprotected', outcome: 'unprotected', username: '', agentName: '' } as const
  await show({ flags: [flag] })
  expect(place.textContent).toContain('An agent of acme.my.connect.aws may still be Available')
  expect(place.textContent).toContain('Closed 5 minutes ago without protection')
  await show({ flags: [{ ...flag, isObserved: true }] })
  expect(place.textContent).toContain('Closed 5 minutes ago without protection')
})

test('the CCP can be opened if nothing else is offered', async () => {
  await show({ flags: [FLAG] })
  button('Open CCP').click()
  expect(asked).toHaveBeenCalledWith('open_ccp', { closeId: 'close-1' })
  expect(button('Open CCP').className).toBe('primary')
})

test('a retry is offered with the state’s own name', async () => {
  await show({ flags: [{ ...FLAG, target: 'Abgemeldet' }], recoverable: ['close-1'] })
  button('Try again: set Abgemeldet').click()
  expect(asked).toHaveBeenCalledWith('recover', { closeId: 'close-1' })
  await settled()
  expect(place.textContent).toContain('sets Abgemeldet and closes by itself')
})

test('a dismissed flag goes, and the focus stays in the list', async () => {
  await show({ flags: [FLAG] })
  button('Dismiss').focus()
  says({ flags: [] })
  button('Dismiss').click()
  await settled()
  expect(asked).toHaveBeenCalledWith('dismiss_flag', { closeId: 'close-1' })
  expect(place.textContent).toContain('Nobody left Available')
  // A dismissed flag is no proof that its agent is Offline.
  expect(place.textContent).toContain('dismissed flags are not included')
  expect(document.activeElement).toBe(place.querySelector('#left-title'))
})

test('an unchanged refresh moves nothing, and a changed one keeps the focus', async () => {
  const refresh = await show({ flags: [FLAG] })
  const held = button('Dismiss')
  held.focus()
  await refresh()
  expect(button('Dismiss')).toBe(held)
  says({ flags: [FLAG, OTHER] })
  await refresh()
  expect(button('Dismiss', 1)).toBe(document.activeElement)
})

test('a failure is shown until the background answers again, with a way to try again', async () => {
  const refresh = await show({ flags: [FLAG] })
  asked.mockRejectedValueOnce(new Error('The background is gone'))
  await refresh()
  jest.advanceTimersByTime(60_000)
  expect(place.textContent).toContain('The background is gone')
  button('Try again').click()
  await settled()
  expect(place.textContent).toContain('Dana Reyes')
})

describe('an agent with an open CCP whose “set Offline now” failed', () => {
  const wished: Flag = { ...FLAG, why: 'asked' }
  const open = (): Partial<Status> => ({
    flags: [wished],
    documents: [sampleDocument()],
  })

  test('is asked once: the button disappears with the click, and the progress is shown', async () => {
    await show(open())
    asked.mockImplementation(() => new Promise(() => undefined))
    button('Try again').click()
    expect(place.textContent).toContain('Asking Connect…')
    expect(() => button('Try again')).toThrow('No button')
  })

  test.each([
    ['declined', 'Nothing was changed: you have a contact'],
    ['silent', 'Your CCP did not answer'],
  ] as const)('%s: shows why nothing was changed, and offers it again', async (answer, text) => {
    await show(open())
    asked.mockImplementation((type) => Promise.resolve(type === 'get_status' ? sampleStatus(open()) : answer))
    button('Try again').click()
    await settled()
    expect(place.textContent).toContain(text)
    expect(button('Try again')).toBeInstanceOf(HTMLButtonElement)
  })
})

test('a close being checked is shown as such', async () => {
  await show({ flags: [FLAG], retries: { 'close-1': 'asking' } })
  expect(place.textContent).toContain('Asking Connect…')
})
