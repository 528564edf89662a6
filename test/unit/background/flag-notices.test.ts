import { announceNew, listenForNoticeClicks, withdraw } from '../../../src/background/flag-notices'
import { showBadge } from '../../../src/background/toolbar'
import type { Flag, CloseState } from '../../../src/domain/closes/state'
import { updateClose } from '../../../src/domain/closes/close'
import type { AgentFacts } from '../../../src/domain/agent'
import { EXTENSION_ID } from '../../wire/fake-browser'
import { closing, facts, flagged as withFlags, header, INSTANCE, EventPlayer, state, T0 } from '../domain/build'
import { fake, renewBrowser, world } from './browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('./browser'))

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

const flagged = (...flags: Flag[]): CloseState => withFlags(flags)

const ACTS = { mode: 'act', isUnprotected: false } as const

test('a failed close and an unconfirmed one are told in words of their own, once each', async () => {
  await announceNew(flagged(flag('c1', 'failed')))
  await announceNew(flagged(flag('c1', 'failed'), flag('c2', 'unconfirmed')))
  expect([...fake.notices].map(([id, { title, message }]) => [id, title, message])).toEqual([
    ['close:c1', 'notifyTitleFailed quoted Verfügbar', 'notifyBodyFailed notifyGone quoted Feierabend'],
    ['close:c2', 'notifyTitleFailed quoted Verfügbar', 'notifyBodyUnconfirmed notifyGone quoted Feierabend'],
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
  expect(fake.notices.get('close:c1')).toMatchObject({ message: `notifyBodyFailed ${word} quoted Feierabend` })
})

test('what was asked for in the popup and came to nothing is told as that', async () => {
  await announceNew(flagged({ ...flag('c1', 'unconfirmed'), why: 'asked', cause: 'asked' }))
  expect(fake.notices.get('close:c1')).toMatchObject({
    message: 'notifyBodyAsked quoted Feierabend',
    buttons: [{ title: 'notifyOpenCcp' }],
  })
})

test('a page that was not protected is told of without a name', async () => {
  await announceNew(flagged({ ...flag('c1', 'unprotected'), why: 'unprotected', username: '', agentName: '' }))
  expect(fake.notices.get('close:c1')).toMatchObject({
    title: 'notifyUnprotectedTitle',
    message: `notifyUnprotectedBody ${INSTANCE}`,
    buttons: [{ title: 'notifyOpenCcp' }],
  })
})

describe('an agent with a contact', () => {
  const withContacts = (username: string, contacts: AgentFacts['contacts']): CloseState => {
    const player = new EventPlayer()
    player.open(header('doc-b'), facts('routable', { username, contacts }))
    return withFlags([flag('c1', 'unconfirmed')], player.state)
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
  const offered = (): CloseState => {
    const { state: known } = asked()
    const recovery = { since: T0, reason: 'refused', status: 'offered', end: null } as const
    return withFlags(
      [flag('c1', 'unconfirmed')],
      updateClose(known, 'c1', (close) => ({ ...close, recovery })),
    )
  }
  const asked = (): EventPlayer => {
    const player = new EventPlayer()
    player.open(header('doc-a'))
    player.send(1_000, header('doc-a'), closing('c1'))
    player.tabRemoved(1_010)
    return player
  }

  test('on a notification that stands', async () => {
    await announceNew(flagged(flag('c1', 'unconfirmed')))
    await announceNew(offered())
    expect([...fake.notices]).toMatchObject([
      [
        'close:c1',
        { title: 'notifyTitleFailed quoted Verfügbar', buttons: [{ title: 'setMeOffline quoted Feierabend' }] },
      ],
    ])
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
    expect(notice?.['message']).toBe('notifyBodyFailed notifyGone quoted Feierabend notifyClick notifyOpenCcp')
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
  listenForNoticeClicks(
    (closeId) => clicked.push(closeId),
    () => clicked.push('the sum'),
  )
  world.onNoticeClicked.emit('close:c1')
  world.onButtonClicked.emit('close:c2', 0)
  world.onNoticeClicked.emit('of something else')
  world.onNoticeClicked.emit('closes')
  expect(clicked).toEqual(['c1', 'c2', 'the sum'])
})

test('the badge counts the flags, and is empty without any', async () => {
  await showBadge({ flags: [flag('a', 'failed'), flag('b', 'unconfirmed')], hasAccess: true, ...ACTS })
  expect(fake.badge).toEqual({ text: '2', title: 'badgeTitleFlagged 2' })
  await showBadge({ flags: [], hasAccess: true, ...ACTS })
  expect(fake.badge).toEqual({ text: '', title: 'actionTitle' })
})

test('the badge marks that the sites are closed to us, and the title says so beside whoever is flagged', async () => {
  await showBadge({ flags: [], hasAccess: false, ...ACTS })
  expect(fake.badge).toEqual({ text: '!', title: 'badgeTitleNoAccess' })
  await showBadge({ flags: [flag('a', 'failed')], hasAccess: false, ...ACTS })
  expect(fake.badge).toEqual({ text: '1', title: 'badgeTitleFlagged 1\nbadgeTitleNoAccess' })
})

test.each([
  [{ mode: 'observe', isUnprotected: true }, 'badgeTrial', 'badgeTitleTrial'],
  [{ mode: 'off', isUnprotected: true }, 'badgeOff', 'badgeTitleOff'],
  [{ mode: 'act', isUnprotected: true }, '!', 'badgeTitleUnprotected'],
] as const)('%j: the badge says why closing the CCP will not set Offline', async (facts, text, title) => {
  await showBadge({ flags: [], hasAccess: true, ...facts })
  expect(fake.badge).toEqual({ text, title })
})

describe('several at once', () => {
  const of = (closeId: string, username: string, instance = INSTANCE): Flag => ({
    ...flag(closeId, 'failed'),
    username,
    agentName: username.toUpperCase(),
    instance,
  })
  const titles = () => [...fake.notices.values()].map(({ title }) => title)

  test('two agents have notifications that differ: each names its agent', async () => {
    await announceNew(flagged(of('c1', 'ada'), of('c2', 'bob')))
    expect(titles()).toEqual(['flagTitle quoted ADA quoted Verfügbar', 'flagTitle quoted BOB quoted Verfügbar'])
  })

  test('a storm ends in one that sums up, and grows without another one', async () => {
    const many = Array.from({ length: 40 }, (_, index) => of(`c${index}`, `agent-${index}`))
    await announceNew(flagged(...many.slice(0, 5)))
    expect([...fake.notices.keys()]).toEqual(['close:c0', 'close:c1', 'close:c2', 'closes'])
    await announceNew(flagged(...many))
    expect([...fake.notices.keys()]).toEqual(['close:c0', 'close:c1', 'close:c2', 'closes'])
    expect(fake.notices.get('closes')).toMatchObject({
      title: 'notifySumTitle 37',
      buttons: [{ title: 'notifyShowList' }],
    })
    await withdraw(flagged(...many.slice(0, 3)))
    expect([...fake.notices.keys()]).toEqual(['close:c0', 'close:c1', 'close:c2'])
  })

  test('a sum that was put away stays away', async () => {
    const many = Array.from({ length: 9 }, (_, index) => of(`c${index}`, `agent-${index}`))
    await announceNew(flagged(...many.slice(0, 5)))
    fake.notices.delete('closes')
    await announceNew(flagged(...many))
    expect(fake.notices.has('closes')).toBe(false)
  })

  test('an instance with many leaves room for another one', async () => {
    const many = Array.from({ length: 9 }, (_, index) => of(`c${index}`, `agent-${index}`, 'evil.my.connect.aws'))
    await announceNew(flagged(...many))
    await announceNew(flagged(...many, of('good', 'ada')))
    expect([...fake.notices.keys()].sort()).toEqual(['close:c0', 'close:c1', 'close:good', 'closes'])
  })

  test('what an instance calls an agent or a status is cut and on one line', async () => {
    const name = `Call\n555 \u202E${'x'.repeat(500)}`
    await announceNew(flagged({ ...flag('c1', 'failed'), stateBefore: { ...state('routable'), name } }))
    expect(titles()).toEqual([`notifyTitleFailed quoted Call 555 ${'x'.repeat(50)}…`])
  })

  test('a status that a contact has set is told in words, not by Connect’s name', async () => {
    const missed = { ...state('error'), name: 'MissedCallAgent' }
    await announceNew(flagged({ ...flag('c1', 'failed'), stateBefore: missed }))
    expect(titles()).toEqual(['notifyTitleContact quoted Feierabend statusMissed'])
  })
})

test('who is shown while nobody is at the computer is on no badge, and is told nothing', async () => {
  const away = { ...flag('a', 'left_available'), why: 'idle' } as const
  await showBadge({ flags: [away, { ...away, why: 'locked' }], hasAccess: true, ...ACTS })
  await announceNew(flagged(away, { ...away, why: 'no_ccp' }))
  expect(fake.badge.text).toBe('')
  expect(fake.notices.size).toBe(0)
})
