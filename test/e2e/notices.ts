import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName } from '../browser'
import { closeTabByKey, until } from '../browser'
import { shipped } from './builds'
import type { Stage } from './stage'
import { BACKGROUND, openStage } from './stage'

/** The part of the extension API that is used here; Firefox has it under this name too. */
declare const chrome: {
  action: { getBadgeText(details: object): Promise<string>; getTitle(details: object): Promise<string> }
  notifications: { getAll(): Promise<Record<string, unknown>> }
}

interface Shown {
  readonly badge: string
  readonly title: string
  readonly notices: readonly string[]
}

/** What an agent is shown, without opening anything, after a close that is not confirmed. */
export function describeNotices(name: BrowserName): void {
  let stage: Stage

  beforeAll(async () => {
    // Without a desktop that shows notifications, Firefox must be told to show them itself.
    const extraPrefs = { 'alerts.useSystemBackend': false }
    stage = await openStage({ browser: name, extensionDir: shipped(name), extraPrefs })
  }, 240_000)
  afterAll(() => stage.close())

  const shown = (): Promise<Shown> =>
    stage.browser.extension.evaluateInBackground(async () => ({
      badge: await chrome.action.getBadgeText({}),
      title: await chrome.action.getTitle({}),
      notices: Object.keys(await chrome.notifications.getAll()),
    }))

  it.each(BACKGROUND)(
    'a close that is not confirmed shows a badge and a notification until the agent is back (background %s)',
    async (background) => {
      const { faults, url } = stage.instance
      const ccp = url.ccp('v1', { signInAs: 'alice' })
      const page = await stage.openAvailable(ccp)
      const before = await stage.log()
      expect(await shown()).toMatchObject({ badge: '', notices: [] })
      const calm = (await shown()).title

      faults.set({ operation: 'PutAgentState', hang: true })
      faults.set({ operation: 'authorize', fail: { code: 'UnauthorizedException' } })
      await stage.ready(page, background)
      await closeTabByKey(page)
      const { notices, badge, title } = await until('the notification', async () => {
        const now = await shown()
        return now.notices.length > 0 && now
      })
      const [entry] = (await stage.newEntries(before)) as [LogEntry]
      expect(entry.outcome).not.toBe('confirmed')
      expect(notices.map((id) => id.endsWith(entry.id))).toEqual([true])
      expect(badge).toBe('1')
      expect(title).not.toBe(calm)

      faults.clear()
      const back = await stage.openAvailable(ccp)
      await until('both to go', async () => {
        const now = await shown()
        return now.badge === '' && now.notices.length === 0
      })
      expect((await shown()).title).toBe(calm)
      await closeTabByKey(back)
      await stage.newEntries(before, 2)
    },
  )
}
