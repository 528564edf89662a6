import { FieldCheck } from '../../../../src/background/field-check/field-check'
import { openCcp } from '../../../../src/background/ccp-tabs'
import { begin, beginPart } from '../../../../src/domain/field-check/check'
import type { FieldCheckRequest } from '../../../../src/protocol/field-check-messages'
import { saveFieldCheck } from '../../../../src/storage/field-check-store'
import { EventPlayer, agentEvent, facts, header, INSTANCE, T0 } from '../../domain/build'
import { uuid } from '../../uuid'
import { browser, fake, renewBrowser } from '../browser'

jest.mock('../../../../src/platform/browser', () => jest.requireActual<object>('../browser'))
jest.mock('../../../../src/platform/browser-name', () => ({ browserName: () => 'Chromium 156' }))
jest.mock('../../../../src/storage/own-store', () => jest.requireActual<object>('../browser'))

const NEXT_RUN = 'the next run'
const [BEFORE, AFTER] = [uuid('before'), uuid('after')]
const SUBJECT = { instance: INSTANCE, username: 'ada', docId: BEFORE, url: `https://${INSTANCE}/ccp-v2/` }
let player: EventPlayer
let check: FieldCheck

/** The browser has just started: the previous run's document is not yet known to be gone, but its tab is. */
beforeEach(() => {
  renewBrowser()
  player = new EventPlayer()
  player.open(header(BEFORE))
  player.dispatch({ type: 'worker_started', at: T0 + 60_000, runId: NEXT_RUN })
  expect(player.state.documents[BEFORE]).toMatchObject({ place: { tabId: 1 }, gone: null })
  check = new FieldCheck({ state: () => Promise.resolve(player.state), started: () => Promise.resolve(NEXT_RUN) })
})

function openAgain(): void {
  const place = { tabId: 2, frameId: 0, ownCookies: true }
  fake.addTab(2, SUBJECT.url)
  player.send(60_100, header(AFTER), { type: 'hello' }, place, NEXT_RUN)
  player.send(60_200, header(AFTER), agentEvent(facts()), place, NEXT_RUN)
}

const ask = (act: FieldCheckRequest['act'], docId?: string) =>
  check.answer({ kind: 'ui', type: 'field_check', act, isConfirmed: true, ...(docId !== undefined && { docId }) })

test('an agent is offered only by a document of this run', async () => {
  expect((await ask('look')).candidates).toEqual([])
  openAgain()
  expect((await ask('look')).candidates).toMatchObject([{ docId: AFTER, refusal: null }])
})

test('no part starts with a document of the previous run', async () => {
  const { check: begun, refusal } = await ask('read', BEFORE)
  expect({ begun, refusal }).toEqual({ begun: null, refusal: 'agent_unknown' })
})

describe('a check that began in the previous run', () => {
  /** Resumes until the first question is answered or cannot be asked; returns the tabs that were asked. */
  async function goOn(): Promise<{ tabIds: number[]; stopped: unknown }> {
    const now = Date.now()
    const read = { ...begin(SUBJECT, NEXT_RUN, now), status: 'resting', done: ['read'] } as const
    await saveFieldCheck(beginPart(read, 'kill', BEFORE, NEXT_RUN, now))
    const execute = jest.spyOn(
      (browser as { scripting: { executeScript: (at: At) => unknown } }).scripting,
      'executeScript',
    )
    const rested = new Promise<unknown>((resolve) => {
      ;(browser as { storage: Storage }).storage.onChanged.addListener(() => {
        void ask('look').then((view) => view.check?.status === 'resting' && resolve(view.check.stopped))
      })
    })
    await check.resume()
    const stopped = await rested
    return { tabIds: execute.mock.calls.map(([{ target }]) => target.tabId), stopped }
  }

  test('finds no CCP while only the previous run’s document is known', async () => {
    expect(await goOn()).toEqual({ tabIds: [], stopped: 'no_ccp' })
  })

  test('asks in the CCP that is open now', async () => {
    openAgain()
    expect((await goOn()).tabIds).toEqual([2])
  })
})

describe('a requested CCP', () => {
  test('is opened if its tab has gone with the browser', async () => {
    await openCcp(player.state, INSTANCE, SUBJECT.url)
    expect([...fake.tabs.values()].map(({ url }) => url)).toEqual([SUBJECT.url])
  })

  test('is brought to the front if an extension that was switched on again finds its tab', async () => {
    fake.addTab(1, SUBJECT.url)
    await openCcp(player.state, INSTANCE, SUBJECT.url)
    expect(fake.tabs.size).toBe(1)
  })
})

interface At {
  readonly target: { readonly tabId: number }
}
interface Storage {
  readonly onChanged: { addListener(listener: () => void): void }
}
