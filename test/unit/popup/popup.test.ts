/** @jest-environment jsdom */
import type { Status } from '../../../src/protocol/ui-messages'
import { livePopup } from '../../../src/popup/live-popup'
import type { Ask } from '../../../src/ui/ask'
import { browser } from '../ui/fake-browser'
import { NOW, sampleAgent, sampleDocument, sampleEntry, sampleStatus } from '../ui/samples'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

const FLAG = {
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
} as const

const asked = jest.fn<Promise<unknown>, [string, object?]>()
const main = document.createElement('main')
const version = document.createElement('span')
const announcement = document.createElement('p')
main.tabIndex = -1
document.body.append(main, version)

async function show(status: Partial<Status>): Promise<() => Promise<void>> {
  asked.mockImplementation((type) => Promise.resolve(type === 'get_status' ? sampleStatus(status) : null))
  const refresh = livePopup({ main, version, announcement }, asked as unknown as Ask, () => NOW)
  await refresh()
  return refresh
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

function button(text: string): HTMLButtonElement {
  const found = [...main.querySelectorAll('button')].find((each) => each.textContent === text)
  if (found === undefined) throw new Error(`No button “${text}”`)
  return found
}

test('shows who, in which state, and what a close will do', async () => {
  await show({})
  expect(main.querySelector('h3')?.textContent).toBe('Available')
  expect(main.textContent).toContain('Dana Reyes')
  expect(main.textContent).toContain('Closing this CCP sets you Offline.')
  expect(main.textContent).toContain('Protected')
  expect(version.textContent).toBe('Version 1.0.0')
})

test('an agent who is stuck sees how to become Available', async () => {
  const state = { ...sampleAgent().state, name: 'MissedCallAgent', type: 'error' } as const
  const nextState = { ...sampleAgent().state, name: 'Offline', type: 'offline' } as const
  await show({ documents: [sampleDocument({ agent: sampleAgent({ state, nextState }) })] })
  expect(main.textContent).toContain('To become Available, choose it twice')
  expect(main.textContent).toContain('Choose Available again after that')
  await show({ documents: [sampleDocument({ agent: sampleAgent({ state }) })] })
  expect(main.textContent).not.toContain('choose it twice')
})

test('introduces itself once, if no welcome page has', async () => {
  await show({ isIntroductionDue: true })
  expect(main.textContent).toContain('Close the CCP while Available, and Signoff sets you Offline.')
  button('Got it').click()
  expect(asked).toHaveBeenCalledWith('note_introduced')
  await show({ isIntroductionDue: true, mode: 'observe' })
  expect(main.querySelector('.intro')?.textContent).toContain('Trial')
  await show({ isIntroductionDue: true, mode: 'off' })
  expect(main.querySelector('.intro')).toBeNull()
})

test('the last close of a trial is not shown as one that needed nothing', async () => {
  const observed = { outcome: 'not_needed', reason: 'mode_observe', evidence: 'none' } as const
  await show({ lastEntry: sampleEntry({ ...observed, would: 'set_offline' }), mode: 'observe' })
  expect(main.querySelector('.last .pill')?.textContent).toBe('Trial')
})

test('the last outcome is shown by its word', async () => {
  await show({ lastEntry: sampleEntry({ outcome: 'unconfirmed', evidence: 'none' }) })
  expect(main.querySelector('.last')?.textContent).toContain('Not confirmed')
  expect(main.querySelector('.last')?.textContent).toContain('Dana Reyes · Tab closed · 5 minutes ago')
})

test('one agent in two frames has one card, another agent another', async () => {
  await show({
    documents: [
      sampleDocument(),
      sampleDocument({ docId: 'doc-2', framed: true }),
      sampleDocument({ docId: 'doc-3', agent: sampleAgent({ username: 'li.wei', name: 'Li Wei' }) }),
    ],
  })
  expect([...main.querySelectorAll('article')].map((card) => card.textContent.includes('2 pages'))).toEqual([
    true,
    false,
  ])
})

test('an unprotected page is shown with the reason, and promises nothing', async () => {
  const unprotected = { status: 'unprotected', reason: 'no_connect' } as const
  await show({
    documents: [sampleDocument({ protection: unprotected, outlook: { is: 'unprotected', reason: 'no_connect' } })],
  })
  expect(main.textContent).toContain('Not protected. Set your status yourself')
  expect(main.textContent).not.toContain('sets you')
})

test('nothing is promised until a page is ready and its agent known', async () => {
  await show({
    documents: [
      sampleDocument({ docId: 'a', protection: { status: 'waiting' }, outlook: { is: 'waiting' } }),
      sampleDocument({ docId: 'b', agent: null, outlook: { is: 'agent_unknown' } }),
    ],
  })
  expect(main.textContent).toContain('CCP is loading. Wait for “Protected” before you close it.')
  expect(main.textContent).toContain('Nobody is signed in yet.')
  expect(main.textContent).not.toContain('sets you')
})

test('without a CCP it shows the empty state', async () => {
  await show({ documents: [], lastEntry: null })
  expect(main.textContent).toContain('No CCP is open')
  expect(main.textContent).toContain('Nothing logged yet')
})

test('with unreached tabs it does not claim that no CCP is open', async () => {
  await show({ documents: [], unreachedTabs: 2 })
  expect(main.textContent).toContain('2 CCP tabs were open')
  expect(main.textContent).not.toContain('No CCP is open')
})

test('a flagged agent can be dismissed, and the focus stays in the popup', async () => {
  await show({ flags: [FLAG] })
  expect(main.textContent).toContain('Dana Reyes may still be Available')
  expect(main.textContent).toContain('5 minutes ago, and Connect has not confirmed Offline')
  asked.mockImplementation((type) => Promise.resolve(type === 'get_status' ? sampleStatus() : null))
  button('Dismiss').focus()
  button('Dismiss').click()
  await settled()
  expect(asked).toHaveBeenCalledWith('dismiss_flag', { closeId: 'close-1' })
  expect(main.textContent).not.toContain('may still be Available')
  expect(document.activeElement).toBe(main)
})

test('a flagged agent whom a CCP can set Offline is offered that', async () => {
  await show({ flags: [FLAG], documents: [] })
  expect(main.textContent).not.toContain('Go Offline')
  await show({ flags: [FLAG], recoverable: ['close-1'] })
  button('Go Offline').click()
  await settled()
  expect(asked).toHaveBeenCalledWith('recover', { closeId: 'close-1' })
})

test('an agent whose close was only observed is listed as such', async () => {
  await show({ flags: [{ ...FLAG, outcome: 'not_needed', isObserved: true }], mode: 'observe' })
  expect(main.textContent).toContain('Dana Reyes was left Available')
  expect(main.textContent).toContain('5 minutes ago. Signoff only observes, and has changed nothing.')
  expect(main.textContent).not.toContain('may still be')
})

test('a flag names the state that was left, and the target state', async () => {
  const stateBefore = { ...FLAG.stateBefore, name: 'Lunch' }
  await show({ flags: [{ ...FLAG, stateBefore, target: 'Gone home' }], recoverable: ['close-1'] })
  expect(main.textContent).toContain('Dana Reyes may still be Lunch')
  expect(main.textContent).toContain('Connect has not confirmed Gone home')
  expect(main.textContent).toContain('Go Gone home')
})

test('a flagged close being checked can be verified now', async () => {
  await show({ flags: [FLAG], retries: { 'close-1': 'waiting' } })
  button('Ask again').click()
  await settled()
  expect(asked).toHaveBeenCalledWith('retry_flag', { closeId: 'close-1' })
  await show({ flags: [FLAG], retries: { 'close-1': 'asking' } })
  expect(main.textContent).toContain('Asking Connect…')
  expect(() => button('Ask again')).toThrow()
})

describe('an agent who is back after a close', () => {
  const offline = { ...sampleAgent().state, name: 'Offline', type: 'offline' } as const
  const offered = {
    closeId: 'c1',
    is: 'offered',
    since: NOW - 3_600_000,
    stateBefore: sampleAgent().state,
    error: null,
  } as const
  const backWith = (changes: Partial<typeof offered> | { is: 'asking' } | { is: 'refused'; error: string } = {}) => {
    const returnOffer = { ...offered, ...changes }
    return sampleDocument({ agent: sampleAgent({ state: offline }), offlineNow: { is: 'not_offered' }, returnOffer })
  }

  test('reads since when they are Offline, and has their status back with one click', async () => {
    const refresh = await show({ documents: [backWith()] })
    expect(main.textContent).toContain('You have been Offline since your CCP was closed (')
    button('Become Available again').click()
    await settled()
    expect(asked).toHaveBeenCalledWith('take_return', { docId: 'doc-1' })
    asked.mockImplementation(() => Promise.resolve(sampleStatus({ documents: [backWith({ is: 'asking' })] })))
    await refresh()
    expect(main.textContent).toContain('Asking Connect to set you Available…')
    expect(() => button('Become Available again')).toThrow()
  })

  test('reads that Connect has refused, and can try again', async () => {
    await show({ documents: [backWith({ is: 'refused', error: 'ThrottlingException' })] })
    expect(main.textContent).toContain('Connect refused (ThrottlingException). Choose your status in the CCP.')
    expect(button('Become Available again')).toBeDefined()
  })
})

describe('“set Offline now”', () => {
  const answering = (answer: string) =>
    asked.mockImplementation((type) => Promise.resolve(type === 'get_status' ? sampleStatus() : answer))
  const underWay = (error: { type: string; message: string } | null = null) =>
    sampleDocument({ offlineNow: { is: 'under_way', target: 'Offline', error } })
  const confirmed = sampleDocument({
    agent: sampleAgent({ state: { ...sampleAgent().state, name: 'Offline', type: 'offline' } }),
    offlineNow: { is: 'confirmed', target: 'Offline' },
  })

  test('one click asks the CCP, and nothing is shown as done before Connect has confirmed it', async () => {
    const refresh = await show({})
    answering('asked')
    button('Go Offline now').click()
    await settled()
    expect(asked).toHaveBeenCalledWith('go_offline', { docId: 'doc-1' })
    expect(main.textContent).toContain('Asking Connect to set you Offline…')
    expect(main.textContent).not.toContain('confirmed it')
    expect(() => button('Go Offline now')).toThrow()
    asked.mockImplementation(() => Promise.resolve(sampleStatus({ documents: [underWay()] })))
    await refresh()
    expect(main.textContent).toContain('Asking Connect to set you Offline…')
    asked.mockImplementation(() => Promise.resolve(sampleStatus({ documents: [confirmed] })))
    await refresh()
    expect(main.textContent).toContain('You are Offline. Connect has confirmed it.')
    expect(announcement.textContent).toBe('You are Offline. Connect has confirmed it.')
  })

  test('a refusal is shown, and the action offered again once the CCP has given up', async () => {
    const refresh = await show({})
    answering('asked')
    button('Go Offline now').click()
    await settled()
    const refused = underWay({ type: 'ThrottlingException', message: 'No' })
    asked.mockImplementation(() => Promise.resolve(sampleStatus({ documents: [refused] })))
    await refresh()
    expect(main.textContent).toContain('Connect refused (ThrottlingException)')
    expect(announcement.textContent).toContain('You may still be Available')
    const flag = { ...FLAG, why: 'asked', outcome: 'failed' } as const
    asked.mockImplementation((type) =>
      Promise.resolve(type === 'get_status' ? sampleStatus({ flags: [flag] }) : 'asked'),
    )
    await refresh()
    expect(main.textContent).toContain('You asked for Offline 5 minutes ago')
    expect(button('Go Offline now')).toBeDefined()
    button('Try again').click()
    expect(asked).toHaveBeenCalledWith('go_offline', { docId: 'doc-1' })
  })

  test.each([
    ['declined', 'Nothing was changed: you have a contact'],
    ['silent', 'Your CCP did not answer.'],
  ])('a CCP that has %s is reported, and can be asked again', async (answer, text) => {
    await show({})
    answering(answer)
    button('Go Offline now').click()
    await settled()
    expect(main.textContent).toContain(text)
    expect(announcement.textContent).toContain(text)
    expect(button('Go Offline now')).toBeDefined()
  })

  test('shows a contact, and shows nothing if it is not offered', async () => {
    await show({ documents: [sampleDocument({ offlineNow: { is: 'on_contact' } })] })
    expect(main.textContent).toContain('You can go Offline here after this contact.')
    expect(() => button('Go Offline now')).toThrow()
    await show({ documents: [sampleDocument({ offlineNow: { is: 'not_offered' } })] })
    expect(main.textContent).not.toContain('Not available')
    expect(() => button('Go Offline now')).toThrow()
  })

  test('a refusal by the background is shown with its text', async () => {
    await show({})
    asked.mockImplementation((type) =>
      type === 'go_offline' ? Promise.reject(new Error('No')) : Promise.resolve(sampleStatus()),
    )
    button('Go Offline now').click()
    await settled()
    expect(main.textContent).toContain('No')
  })
})

describe('the live region', () => {
  test('announces nothing at the start, and nothing unimportant', async () => {
    announcement.textContent = ''
    const refresh = await show({ flags: [FLAG] })
    expect(announcement.textContent).toBe('')
    const onBreak = sampleAgent({ state: { ...sampleAgent().state, name: 'Lunch', type: 'not_routable' } })
    asked.mockImplementation(() =>
      Promise.resolve(sampleStatus({ flags: [FLAG], documents: [sampleDocument({ agent: onBreak })] })),
    )
    await refresh()
    expect(announcement.textContent).toBe('')
  })

  test('announces who may still be Available, and that a CCP is no longer protected', async () => {
    const refresh = await show({})
    asked.mockImplementation(() => Promise.resolve(sampleStatus({ flags: [FLAG] })))
    await refresh()
    expect(announcement.textContent).toBe('Dana Reyes may still be Available')
    const unprotected = sampleDocument({ protection: { status: 'unprotected', reason: 'no_agent' } })
    asked.mockImplementation(() => Promise.resolve(sampleStatus({ flags: [FLAG], documents: [unprotected] })))
    await refresh()
    expect(announcement.textContent).toBe('Not protected')
  })
})

test('opening the CCP closes the popup', async () => {
  const close = jest.spyOn(window, 'close').mockReturnValue()
  await show({ flags: [FLAG] })
  button('Open CCP').click()
  await settled()
  expect(asked).toHaveBeenCalledWith('open_ccp', { closeId: 'close-1' })
  expect(close).toHaveBeenCalled()
})

test('a refresh keeps the focus', async () => {
  const refresh = await show({ flags: [FLAG] })
  button('Dismiss').focus()
  await refresh()
  expect(document.activeElement).toBe(button('Dismiss'))
})

test('requests the sites of the manifest, and says so if they are refused', async () => {
  browser.permissions.request.mockResolvedValue(false)
  await show({ hostsGranted: false, documents: [] })
  button('Allow access').click()
  expect(browser.permissions.request).toHaveBeenCalledWith({ origins: ['https://*.my.connect.aws/*'] })
  await settled()
  expect(main.querySelector('[role=status]')?.textContent).toContain('Access was not given')
})

test('problems and the mode are shown', async () => {
  await show({ problems: ['The log could not be opened.'], mode: 'observe', documents: [] })
  expect(main.querySelector('li')?.textContent).toBe('The log could not be opened.')
  expect(main.textContent).toContain('Trial')
})

test('an invalid policy value is for administrators: the popup shows only the agent’s own', async () => {
  const problem = { value: 'acts', allowed: 'act | observe | off', key: 'mode' }
  await show({ settingProblems: [{ ...problem, source: 'policy' }] })
  expect(main.textContent).not.toContain('“mode”')
  await show({ settingProblems: [{ ...problem, source: 'user' }] })
  expect(main.textContent).toContain('“mode” is stored as "acts".')
})

test('what comes from Connect is text, never markup', async () => {
  await show({ documents: [sampleDocument({ agent: sampleAgent({ name: '<img src=x onerror=alert(1)>' }) })] })
  expect(main.querySelector('img')).toBeNull()
})

test('a background that does not answer is reported, and can be asked again', async () => {
  const refresh = await show({})
  asked.mockRejectedValueOnce(new Error('Signoff did not answer'))
  await refresh()
  expect(main.textContent).toContain('Signoff did not answer')
  button('Try again').click()
  await settled()
  expect(main.textContent).toContain('Available')
})

test('an overtaken answer is not shown', async () => {
  const refresh = await show({})
  let answerFirst: (status: Status) => void = () => undefined
  asked.mockImplementationOnce(() => new Promise((resolve) => (answerFirst = resolve)))
  const first = refresh()
  await refresh()
  answerFirst(sampleStatus({ documents: [] }))
  await first
  expect(main.textContent).not.toContain('No CCP is open')
})
