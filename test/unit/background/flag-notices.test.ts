import { announceNew, listenForNoticeClicks, withdraw } from '../../../src/background/flag-notices'
import { showBadge } from '../../../src/background/toolbar'
import type { Flag, SessionsState } from '../../../src/domain/sessions/state'
import { EMPTY_SESSIONS } from '../../../src/domain/sessions/state'
import type { AgentFacts } from '../../../src/domain/agent'
import { EXTENSION_ID } from '../../wire/fake-browser'
import { closing, facts, header, INSTANCE, Sessions, state, T0 } from '../domain/build'
import { fake, renewBrowser, world } from './browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))

beforeEach(() => renewBrowser())

const flag = (closeId: string, outcome: Flag['outcome']): Flag => ({
  why: 'close',
  closeId,
  instance: INSTANCE,
  username: 'ada',
  agentName: 'Ada L.',
  since: T0,
  outcome,
  stateBefore: state('routable'),
  target: 'Feierabend',
  isObserved: false,
  url: `https://${INSTANCE}/ccp-v2/`,
})

const flagged = (...flags: Flag[]): SessionsState => ({ ...EMPTY_SESSIONS, flags })

test('a failed close and an unconfirmed one are told in words of their own, once each', async () => {
  await announceNew(flagged(flag('c1', 'failed')))
  await announceNew(flagged(flag('c1', 'failed'), flag('c2', 'unconfirmed')))
  expect([...fake.notices].map(([id, { title, message }]) => [id, title, message])).toEqual([
    ['close:c1', 'notifyTitleFailed Verfügbar', 'notifyBodyFailed notifyGone Feierabend'],
    ['close:c2', 'notifyTitleUnconfirmed', 'notifyBodyUnconfirmed notifyGone Feierabend'],
  ])
})

test('what was told is not told again, though a worker has died or the agent has put it away', async () => {
  await announceNew(flagged(flag('c1', 'failed')))
  fake.notices.clear()
  await announceNew(flagged(flag('c1', 'failed')))
  expect(fake.notices.size).toBe(0)
  fake.session.items.clear()
  await announceNew(flagged(flag('c1', 'failed')))
  expect(fake.notices.size).toBe(1)
})

test.each([
  ['tab_closed', 'notifyTabClosed'],
  ['window_closed', 'notifyWindowClosed'],
  ['navigated_away', 'notifyNavigatedAway'],
  ['reloaded', 'notifyReloaded'],
  ['logged_out', 'notifyLoggedOut'],
  ['frame_removed', 'notifyFrameRemoved'],
  ['crashed', 'notifyCrashed'],
  ['browser_ended', 'notifyBrowserEnded'],
  ['unknown', 'notifyGone'],
  [undefined, 'notifyGone'],
] as const)('it says what happened: %s', async (cause, word) => {
  await announceNew(flagged({ ...flag('c1', 'failed'), ...(cause && { cause }) }))
  expect(fake.notices.get('close:c1')).toMatchObject({ message: `notifyBodyFailed ${word} Feierabend` })
})

test('what was asked for in the popup and came to nothing is told as that', async () => {
  await announceNew(flagged({ ...flag('c1', 'unconfirmed'), why: 'asked', cause: 'asked' }))
  expect(fake.notices.get('close:c1')).toMatchObject({
    message: 'notifyBodyAsked Feierabend',
    buttons: [{ title: 'notifyOpenCcp' }],
  })
})

describe('an agent with a contact', () => {
  const withContacts = (username: string, contacts: AgentFacts['contacts']): SessionsState => {
    const sessions = new Sessions()
    sessions.open(header('doc-b'), facts('routable', { username, contacts }))
    return { ...sessions.state, flags: [flag('c1', 'unconfirmed')] }
  }

  test('is told when it has ended', async () => {
    await announceNew(withContacts('ada', [{ channel: 'chat', state: 'connected' }]))
    expect(fake.notices.size).toBe(0)
    await announceNew(withContacts('ada', [{ channel: 'chat', state: 'ended' }]))
    expect(fake.notices.size).toBe(1)
  })

  test('keeps nobody else from being told', async () => {
    await announceNew(withContacts('bob', [{ channel: 'chat', state: 'connected' }]))
    expect(fake.notices.size).toBe(1)
  })
})

describe('what can be done changes', () => {
  /** The close of a page that the instance does not let the background ask about: only a CCP can help. */
  const offered = (): SessionsState => {
    const { state: known } = asked()
    const [doc] = Object.values(known.documents)
    if (doc === undefined) throw new Error('No document')
    const recovery = { since: T0, reason: 'refused', status: 'offered', end: null } as const
    return { ...known, documents: { [doc.docId]: { ...doc, recovery } }, flags: [flag('c1', 'unconfirmed')] }
  }
  const asked = (): Sessions => {
    const sessions = new Sessions()
    sessions.open(header('doc-a'))
    sessions.news(1_000, header('doc-a'), closing('c1'))
    sessions.tabRemoved(1_010)
    return sessions
  }

  test('on a notification that stands', async () => {
    await announceNew(flagged(flag('c1', 'unconfirmed')))
    await announceNew(offered())
    expect([...fake.notices]).toMatchObject([['close:c1', { title: 'notifyTitleRecovery Verfügbar' }]])
  })

  test('and is in the popup alone where that was put away: one for each close', async () => {
    await announceNew(flagged(flag('c1', 'unconfirmed')))
    fake.notices.clear()
    await announceNew(offered())
    expect(fake.notices.size).toBe(0)
  })
})

describe('in Firefox, which has no buttons', () => {
  afterEach(() => {
    fake.base = `chrome-extension://${EXTENSION_ID}/`
  })

  test('the text says what a click does', async () => {
    fake.base = `moz-extension://${EXTENSION_ID}/`
    await announceNew(flagged(flag('c1', 'failed')))
    const notice = fake.notices.get('close:c1')
    expect(notice?.['message']).toBe('notifyBodyFailed notifyGone Feierabend notifyClick notifyOpenCcp')
    expect(notice?.['buttons']).toBeUndefined()
  })
})

test('what was only observed alarms nobody', async () => {
  await announceNew(flagged({ ...flag('c1', 'not_needed'), isObserved: true }))
  expect(fake.notices.size).toBe(0)
})

test('the notices of flags that are no more are taken back, and nobody else’s', async () => {
  await announceNew(flagged(flag('c1', 'failed'), flag('c2', 'failed')))
  fake.notices.set('of something else', {})
  await withdraw(flagged(flag('c2', 'failed')))
  expect([...fake.notices.keys()]).toEqual(['close:c2', 'of something else'])
})

test('a click on the notice or on its button names its close, and one on another notice nothing', () => {
  const clicked: string[] = []
  listenForNoticeClicks((closeId) => clicked.push(closeId))
  world.onNoticeClicked.emit('close:c1')
  world.onButtonClicked.emit('close:c2', 0)
  world.onNoticeClicked.emit('of something else')
  expect(clicked).toEqual(['c1', 'c2'])
})

test('the badge counts the flags, and is empty without any', async () => {
  await showBadge({ flags: [flag('a', 'failed'), flag('b', 'unconfirmed')], hasAccess: true })
  expect(fake.badge).toEqual({ text: '2', title: 'badgeTitleFlagged 2' })
  await showBadge({ flags: [], hasAccess: true })
  expect(fake.badge).toEqual({ text: '', title: 'actionTitle' })
})

test('the badge marks that the sites are closed to us, and the title says so beside whoever is flagged', async () => {
  await showBadge({ flags: [], hasAccess: false })
  expect(fake.badge).toEqual({ text: '!', title: 'badgeTitleNoAccess' })
  await showBadge({ flags: [flag('a', 'failed')], hasAccess: false })
  expect(fake.badge).toEqual({ text: '1', title: 'badgeTitleFlagged 1\nbadgeTitleNoAccess' })
})

test('who is shown while nobody is at the computer is on no badge, and is told nothing', async () => {
  const away = { ...flag('a', 'left_available'), why: 'idle' } as const
  await showBadge({ flags: [away, { ...away, why: 'locked' }], hasAccess: true })
  await announceNew(flagged(away, { ...away, why: 'no_ccp' }))
  expect(fake.badge.text).toBe('')
  expect(fake.notices.size).toBe(0)
})
