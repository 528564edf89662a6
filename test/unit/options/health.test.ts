/** @jest-environment jsdom */
import type { HealthSection } from '../../../src/options/health/health-section'
import { healthSection } from '../../../src/options/health/health-section'
import type { Status } from '../../../src/protocol/ui-messages'
import type { Ask } from '../../../src/ui/ask'
import { byId } from '../../../src/ui/dom'
import { sampleDocument, sampleStatus } from '../ui/samples'
import { loadOptionsPage } from './page'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

const MINUTE = 60_000
let status: Status
let section: HealthSection
const ask = jest.fn<Promise<unknown>, [string]>()
const requestHosts = jest.fn<Promise<boolean>, []>()

const view = (): HTMLElement => byId('health-view', HTMLElement)
const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 10; turns += 1) await Promise.resolve()
}
/** The text beside a label, in the nth card or page that has it. */
const beside = (label: string, nth = 0): string => {
  const labels = [...view().querySelectorAll('dt')].filter(({ textContent }) => textContent === label)
  return [...(labels[nth]?.nextElementSibling?.children ?? [])].map(({ textContent }) => textContent).join(', ')
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask'] })
  status = sampleStatus()
  ask.mockImplementation(() => Promise.resolve(status))
  requestHosts.mockResolvedValue(true)
  loadOptionsPage()
  section = healthSection(view(), ask as unknown as Ask, requestHosts)
})
afterEach(() => {
  jest.clearAllTimers()
  ask.mockReset()
})

async function show(next: Partial<Status> = {}): Promise<void> {
  status = sampleStatus(next)
  section.show(true)
  await settle()
}

test('shows the result of each path, how long it took, and when', async () => {
  const at = Date.now() - 2 * MINUTE
  await show({
    documents: [
      sampleDocument({ capabilities: { direct: { status: 'works', roundTripMs: 84, at }, deadMansSwitch: 'armed' } }),
    ],
    backgroundPaths: { 'acme.my.connect.aws': { status: 'refused', roundTripMs: 120, at: at - 58 * MINUTE } },
  })
  expect(beside('Page’s own request')).toMatch(/^Works, 84\u00a0ms, 2 minutes ago, /)
  expect(beside('Background')).toMatch(/^Refused by Connect, 120\u00a0ms, 1 hour ago, /)
  expect(beside('Crash protection')).toMatch(/^Armed, /)
  expect(beside('Amazon Connect Streams')).toBe('2.28.2')
  expect(view().querySelector('h4')?.textContent).toBe('Dana Reyes')
  expect(view().textContent).toContain('Protected')
})

test('claims nothing that was not reported or tried', async () => {
  await show({ documents: [sampleDocument({ streamsVersion: null, agent: null })] })
  expect(beside('Page’s own request')).toMatch(/^Not told yet/)
  expect(beside('Crash protection')).toMatch(/^Not told yet/)
  expect(beside('Background')).toMatch(/^Not tried yet, It is tried after a CCP has closed/)
  expect(beside('Amazon Connect Streams')).toBe('No version given')
  expect(view().querySelector('h4')?.textContent).toBe('Agent not known yet')
})

test('says of a page whose Streams is hidden how often it asks the instance', async () => {
  const direct = { status: 'works', roundTripMs: 84, at: Date.now() } as const
  const capabilities = { direct, deadMansSwitch: 'armed', hiddenStreams: { requestsPerHour: 1_240 } } as const
  await show({ documents: [sampleDocument({ streamsVersion: null, capabilities })] })
  expect(beside('Amazon Connect Streams')).toMatch(/1,240 requests an hour/)
})

test('lists values of settings that are not in force', async () => {
  const problem = { key: 'routingProfiles', value: '[7]', allowed: 'a list of texts', source: 'policy' } as const
  await show({ settingProblems: [problem] })
  const notice = view().textContent
  for (const words of ['routingProfiles', '[7]', 'a list of texts']) expect(notice).toContain(words)
})

test('a path that could not be tried has no age', async () => {
  const direct = { status: 'no_token', roundTripMs: null, at: Date.now() } as const
  await show({ documents: [sampleDocument({ capabilities: { direct, deadMansSwitch: 'unsupported' } })] })
  expect(beside('Page’s own request')).toMatch(/^No token, The page was open before/)
})

test('says why a page is not protected', async () => {
  const reason = 'no_connect'
  await show({
    documents: [
      sampleDocument({ protection: { status: 'unprotected', reason }, outlook: { is: 'unprotected', reason } }),
    ],
  })
  expect(view().querySelector('.who')?.textContent).toContain('Not protected')
  expect(view().querySelector('.why')?.textContent).not.toBe('')
})

test('has a card for each instance, including one whose CCPs have all closed', async () => {
  const at = Date.now()
  await show({
    documents: [
      sampleDocument(),
      sampleDocument({ docId: 'doc-2', instance: 'zulu.my.connect.aws' }),
      sampleDocument({ docId: 'doc-3' }),
    ],
    backgroundPaths: { 'gone.my.connect.aws': { status: 'no_answer', roundTripMs: null, at } },
  })
  const cards = [...view().querySelectorAll('.instance')]
  const names = ['acme', 'gone', 'zulu'].map((name) => `${name}.my.connect.aws`)
  expect(cards.map((card) => card.querySelector('h3')?.textContent)).toEqual(names)
  expect(cards.map((card) => card.querySelectorAll('li').length)).toEqual([2, 0, 1])
  expect(cards[1]?.textContent).toContain('No CCP of this instance is open.')
  expect(beside('Background', 1)).toMatch(/^No answer, now, /)
})

test('says that nothing is open, unless it cannot know', async () => {
  await show({ documents: [] })
  expect(view().textContent).toContain('No CCP is open')
  await show({ documents: [], unreachedTabs: 1 })
  expect(view().textContent).not.toContain('No CCP is open')
  expect(view().textContent).toContain('Reload your CCP tab')
})

test('missing access can be granted here', async () => {
  await show({ documents: [], hostsGranted: false, problems: ['The log is full.'] })
  expect(view().textContent).toContain('The log is full.')
  status = sampleStatus()
  view().querySelector<HTMLButtonElement>('.notice button')?.click()
  await settle()
  expect(requestHosts).toHaveBeenCalledTimes(1)
  expect(view().querySelector('.notice')).toBeNull()
})

test('what a click has shown stays until something changes', async () => {
  requestHosts.mockResolvedValue(false)
  await show({ documents: [], hostsGranted: false })
  view().querySelector<HTMLButtonElement>('.notice button')?.click()
  await settle()
  const said = view().textContent
  expect(said).toContain('not given')
  jest.advanceTimersByTime(MINUTE)
  expect(view().textContent).toBe(said)
})

test('ages advance without asking, and unchanged content is not redrawn', async () => {
  const capabilities = {
    direct: { status: 'works', roundTripMs: 84, at: Date.now() - 2 * MINUTE },
    deadMansSwitch: 'ready',
  } as const
  await show({ documents: [sampleDocument({ capabilities })] })
  const card = view().firstElementChild
  await section.refresh()
  expect(view().firstElementChild).toBe(card)
  jest.advanceTimersByTime(MINUTE)
  expect(beside('Page’s own request')).toContain('3 minutes ago')
  expect(ask).toHaveBeenCalledTimes(2)
})

test('does not ask while another section is shown', async () => {
  await section.refresh()
  expect(ask).not.toHaveBeenCalled()
})

test('a background that does not answer is reported, and can be asked again', async () => {
  ask.mockRejectedValueOnce(new Error('No answer'))
  await show()
  expect(view().querySelector('[role=alert]')?.textContent).toContain('No answer')
  view().querySelector<HTMLButtonElement>('[role=alert] button')?.click()
  await settle()
  expect(view().querySelectorAll('.instance')).toHaveLength(1)
})

test('shows what a close sets, and if that differs from the settings', async () => {
  await show({ documents: [sampleDocument(), sampleDocument({ docId: 'doc-2', missingTarget: 'Gone home' })] })
  expect(beside('Closing sets')).toBe('Offline')
  expect(beside('Closing sets', 1)).toBe(
    'Offline, The settings name “Gone home”. This agent’s list has no such status, or it can receive contacts.',
  )
})

test('shows whether it is the last CCP of its agent here', async () => {
  await show({ documents: [sampleDocument(), sampleDocument({ docId: 'doc-2', otherCcps: 2 })] })
  expect(beside('Other CCPs of the agent')).toBe('None. This is the last one')
  expect(beside('Other CCPs of the agent', 1)).toBe('2. Closing this one keeps the status')
})

test('lists each site with its access, and the state of the policy', async () => {
  await show({
    hosts: [
      { pattern: 'https://*.my.connect.aws/*', isGranted: true },
      { pattern: 'https://*.awsapps.com/connect/*', isGranted: false },
    ],
    policy: { state: 'delivered', managed: 3 },
  })
  const sites = [...view().querySelectorAll('.hosts li')].map(({ textContent }) => textContent)
  expect(sites).toEqual(['Allowedhttps://*.my.connect.aws/*', 'Not allowedhttps://*.awsapps.com/connect/*'])
  expect(beside('Policy')).toBe('In force. Settings that it sets: 3')
  await show({ policy: { state: 'kept', managed: 3 } })
  expect(beside('Policy')).toMatch(/^Kept from the last time/)
})

test('shows whether CCPs in private windows are protected', async () => {
  await show({ isInPrivate: true })
  expect(beside('Private windows')).toBe('Protected, too')
  await show({ isInPrivate: false })
  expect(beside('Private windows')).toMatch(/^Not protected.*keeps Signoff out of them/)
})

test('shows since when the profile exists, and what it means if it is new', async () => {
  await show()
  expect(beside('Browser profile')).toMatch(/^Kept since 2 Nov 2026/)
  await show({ profile: { isNew: true, since: 1 } })
  expect(beside('Browser profile')).toMatch(/^New at this start, .*virtual desktops/)
  await show({ profile: { isNew: false, since: null } })
  expect(beside('Browser profile')).toBe('Not known')
})

test.each([
  [{ closes: 0, cold: 0, refused: 0 }, 'None has been sent yet'],
  [{ closes: 12, cold: 0, refused: 0 }, 'None was held up (12 closes)'],
  [{ closes: 12, cold: 2, refused: 1 }, /^New connection: 2 of 12, Refused by the browser: 1 of 12, A new connection/],
])('what the requests of the last closes have met is said: %j', async (closeRequests, words) => {
  status = sampleStatus({ closeRequests })
  section.show(true)
  await settle()
  const said = beside('Requests at the last closes')
  if (typeof words === 'string') expect(said).toBe(words)
  else expect(said).toMatch(words)
})
