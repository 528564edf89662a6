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

test('a failed and an unconfirmed close are notified with different texts, once each', async () => {
  await announceNew(flagged(flag('c1', 'failed')))
  await announceNew(flagged(flag('c1', 'failed'), flag('c2', 'unconfirmed')))
  expect([...fake.notices].map(([id, { title, message }]) => [id, title, message])).toEqual([
    ['close:c1', 'notifyTitleFailed quoted Verfügbar', 'notifyBodyFailed notifyGone quoted Feierabend'],
    ['close:c2', 'notifyTitleFailed quoted Verfügbar', 'notifyBodyUnconfirmed notifyGone quoted Feierabend'],
  ])
})

test('a notification is not repeated, even after a worker’s death or after the agent dismissed it', async () => {
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
] as const)('the text says what happened: %s', async (cause, word) => {
  await announceNew(flagged({ ...flag('c1', 'failed'), ...(cause && { cause }) }))
  expect(fake.notices.get('close:c1')).toMatchObject({ message: `notifyBodyFailed ${word} quoted Feierabend` })
})

test('a failed “set Offline now” is notified as such', async () => {
  await announceNew(flagged({ ...flag('c1', 'unconfirmed'), why: 'asked', cause: 'asked' }))
  expect(fake.notices.get('close:c1')).toMatchObject({
    message: 'notifyBodyAsked quoted Feierabend',
    buttons: [{ title: 'notifyOpenCcp' }],
  })
})

test('an unprotected page is notified without a name', async () => {
  await announceNew(flagged({ ...flag('c1', 'unprotected'), why: 'unprotected', username: '', agentName: '' }))
  expect(fake.notices.get('close:c1')).toMatchObject({
    title: 'notifyUnprotectedTitle',
    message: `notifyUnprotectedBody ${INSTANCE}`,
    buttons: [{ title: 'notifyOpenCcp' }],
  })
})

describe('a flag during a contact', () => {
  const withContacts = (username: string, contacts: AgentFacts['contacts']): CloseState => {
    const player = new EventPlayer()
    player.open(header('doc-b'), facts('routable', { username, contacts }))
    return withFlags([flag('c1', 'unconfirmed')], player.state)
  }

  test('is notified after the agent’s own contact has ended', async () => {
    await announceNew(withContacts('ada', [{ channel: 'chat', state: 'connected' }]))
    expect(fake.notices.size).toBe(0)
    await announceNew(withContacts('ada', [{ channel: 'chat', state: 'ended' }]))
    expect(fake.notices.size).toBe(1)
  })

  test('is notified at once if the contact is another agent’s', async () => {
    await announceNew(withContacts('bob', [{ channel: 'chat', state: 'connected' }]))
    expect(fake.notices.size).toBe(1)
  })
})

describe('when the possible action changes', () => {
  /** The close of a page that the background may not ask about: only a CCP can help. */
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

  test('an open notification is updated', async () => {
    await announceNew(flagged(flag('c1', 'unconfirmed')))
    await announceNew(offered())
    expect([...fake.notices]).toMatchObject([
      [
        'close:c1',
        { title: 'notifyTitleFailed quoted Verfügbar', buttons: [{ title: 'setMeOffline quoted Feierabend' }] },
      ],
    ])
  })

  test('a dismissed notification stays away: there is one per close', async () => {
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

test('an observed close is not notified', async () => {
  await announceNew(flagged({ ...flag('c1', 'not_needed'), isObserved: true }))
  expect(fake.notices.size).toBe(0)
})

test('notifications of cleared flags are withdrawn, and no others', async () => {
  await announceNew(flagged(flag('c1', 'failed'), flag('c2', 'failed')))
  fake.notices.set('of something else', {})
  await withdraw(flagged(flag('c2', 'failed')))
  expect([...fake.notices.keys()]).toEqual(['close:c2', 'of something else'])
})

test('a click on a notification or its button names its close; other notifications are ignored', () => {
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

test('the badge marks missing access to the sites, and the title mentions it beside flags', async () => {
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

describe('several flags at once', () => {
  const of = (closeId: string, username: string, instance = INSTANCE): Flag => ({
    ...flag(closeId, 'failed'),
    username,
    agentName: username.toUpperCase(),
    instance,
  })
  const titles = () => [...fake.notices.values()].map(({ title }) => title)

  test('of two agents have notifications that each name their agent', async () => {
    await announceNew(flagged(of('c1', 'ada'), of('c2', 'bob')))
    expect(titles()).toEqual(['flagTitle quoted ADA quoted Verfügbar', 'flagTitle quoted BOB quoted Verfügbar'])
  })

  test('end in one notification with their sum, which is updated without a further one', async () => {
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

  test('whose sum was dismissed stay without one', async () => {
    const many = Array.from({ length: 9 }, (_, index) => of(`c${index}`, `agent-${index}`))
    await announceNew(flagged(...many.slice(0, 5)))
    fake.notices.delete('closes')
    await announceNew(flagged(...many))
    expect(fake.notices.has('closes')).toBe(false)
  })

  test('of one instance leave room for another instance', async () => {
    const many = Array.from({ length: 9 }, (_, index) => of(`c${index}`, `agent-${index}`, 'evil.my.connect.aws'))
    await announceNew(flagged(...many))
    await announceNew(flagged(...many, of('good', 'ada')))
    expect([...fake.notices.keys()].sort()).toEqual(['close:c0', 'close:c1', 'close:good', 'closes'])
  })

  test('cut names of agents and statuses to one line of limited length', async () => {
    const name = `Call\n555 \u202E${'x'.repeat(500)}`
    await announceNew(flagged({ ...flag('c1', 'failed'), stateBefore: { ...state('routable'), name } }))
    expect(titles()).toEqual([`notifyTitleFailed quoted Call 555 ${'x'.repeat(50)}…`])
  })

  test('describe a status that a contact has caused, instead of using Connect’s name', async () => {
    const missed = { ...state('error'), name: 'MissedCallAgent' }
    await announceNew(flagged({ ...flag('c1', 'failed'), stateBefore: missed }))
    expect(titles()).toEqual(['notifyTitleContact quoted Feierabend statusMissed'])
  })
})

test('agents flagged while away do not count in the badge, and are not notified', async () => {
  const away = { ...flag('a', 'left_available'), why: 'idle' } as const
  await showBadge({ flags: [away, { ...away, why: 'locked' }], hasAccess: true, ...ACTS })
  await announceNew(flagged(away, { ...away, why: 'no_ccp' }))
  expect(fake.badge.text).toBe('')
  expect(fake.notices.size).toBe(0)
})
