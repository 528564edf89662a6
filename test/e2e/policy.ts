import { allValues } from '../../scripts/policies/values'
import type { LogEntry } from '../../src/domain/log-entry'
import { DEFAULT_SETTINGS, SETTING_KEYS } from '../../src/domain/settings'
import type { BrowserName } from '../browser'
import { closeTabByKey, until } from '../browser'
import { audit } from './audit'
import { mayBeSwitchedOff } from './managed'
import { ageStore } from './newer-store'
import type { Organization } from './organization'
import { openOrganization } from './organization'

/** The part of the extension API that is used here; Firefox has it under this name too. */
declare const chrome: {
  tabs: { query(what: { url: string }): Promise<{ id?: number }[]> }
  scripting: {
    executeScript(what: { target: { tabId: number }; func: () => Promise<unknown> }): Promise<{ result: unknown }[]>
  }
  storage: Record<'local' | 'managed' | 'session', { get(): Promise<unknown> }>
}

/** The extension in an organization: installed, configured, locked, updated and rolled back by policy. */
export function describePolicy(name: BrowserName): void {
  let org: Organization

  beforeAll(async () => {
    org = await openOrganization(name, '1.0.0', { mode: 'observe', retentionDays: 30, userSettings: 'allow' })
  }, 240_000)
  afterAll(() => org.close())

  /** Opens a CCP with an Available agent, closes it, and returns its entry and the states that followed. */
  async function closeCcp(): Promise<{ entry: LogEntry; states: string[] }> {
    const { stage } = org
    const page = await stage.openAvailable(stage.instance.url.ccp('v1', { signInAs: 'alice' }))
    const before = await stage.log()
    const mark = stage.instance.journal.mark()
    await closeTabByKey(page)
    const [entry, ...others] = await stage.newEntries(before)
    expect(others).toEqual([])
    if (entry === undefined) throw new Error('No entry')
    const states = stage.instance.journal.states.filter(({ seq }) => seq > mark).map(({ to }) => to.type)
    return { entry, states: [...new Set(states)] }
  }

  it('is installed by policy, and a close follows the policy', async () => {
    expect(await org.settings()).toMatchObject({
      policy: 'delivered',
      settings: { mode: 'observe', retentionDays: 30 },
      managed: ['mode', 'retentionDays'],
      locked: ['mode', 'retentionDays'],
      problems: [],
    })
    const { entry, states } = await closeCcp()
    expect(entry).toMatchObject({ outcome: 'not_needed', reason: 'mode_observe', extensionVersion: '1.0.0' })
    expect(states).toEqual([])
    expect(org.stage.instance.agent('alice').state().type).toBe('routable')
  })

  it('a content script finds mail in the storage, but neither data nor settings', async () => {
    const { stage } = org
    const page = await stage.openAvailable(stage.instance.url.ccp('v1', { signInAs: 'alice' }))
    // A script injected like this sees what the content script sees.
    const found = await stage.browser.extension.evaluateInBackground(async () => {
      const [tab] = await chrome.tabs.query({ url: 'https://*.awsapps.com/*' })
      const [injected] = await chrome.scripting.executeScript({
        target: { tabId: tab?.id ?? -1 },
        func: async () => {
          const read = async (area: 'local' | 'managed' | 'session'): Promise<unknown> => {
            try {
              return await chrome.storage[area].get()
            } catch (error) {
              return `refused: ${String(error)}`
            }
          }
          const [local, managed, session] = await Promise.all([read('local'), read('managed'), read('session')])
          return { local, managed, session }
        },
      })
      return injected?.result as { local: object; managed: unknown; session: unknown }
    })
    expect(Object.keys(found.local).filter((key) => !key.startsWith('mail:'))).toEqual([])
    expect(found.session).toMatch(/^refused: /)
    // Firefox has no way to hide managed storage from content scripts.
    if (name === 'chromium') expect(found.managed).toMatch(/^refused: /)
    else expect(found.managed).toMatchObject({ mode: 'observe', retentionDays: 30 })
    await page.discard()
  })

  it('nobody can change what policy sets; what policy leaves open is stored', async () => {
    expect(await org.ask({ type: 'set_setting', key: 'mode', value: 'off' })).toEqual({
      ok: false,
      error: '“mode” is managed by your organization',
    })
    expect(await org.ask({ type: 'set_setting', key: 'notify', value: false })).toMatchObject({ ok: true })
    expect((await org.settings()).settings).toMatchObject({ mode: 'observe', notify: false })
  })

  it('the options page shows managed settings, and nobody can change them', async () => {
    const page = await org.stage.browser.extension.openPage('options.html#settings')
    await page.driver.setViewport({ width: 1100, height: 800 })
    await page.waitFor(() => document.querySelector('#setting-mode-in-force')?.textContent === 'Observe only Locked')
    const shown = await page.evaluate(() => ({
      disabled: [...document.querySelectorAll<HTMLInputElement>('input[name=setting-mode]')].map(
        (each) => each.disabled,
      ),
      checked: document.querySelector<HTMLInputElement>('input[name=setting-mode]:checked')?.value,
      open: document.querySelector<HTMLInputElement>('#setting-notify')?.disabled,
    }))
    expect(shown).toEqual({ disabled: [true, true, true], checked: 'observe', open: false })
    await audit(page, 'policy')
    await page.discard()
  })

  it('nobody can switch the extension off', async () => {
    expect(await mayBeSwitchedOff(org.stage.browser)).toEqual({ disable: false, uninstall: false })
  })

  it('a changed policy applies, and locks everything unless it says otherwise', async () => {
    await org.decide({ mode: 'act' })
    await until('the settings', async () => (await org.settings()).settings.mode === 'act')
    // The user's choice does not count while the setting is locked.
    expect(await org.settings()).toMatchObject({ settings: { mode: 'act', notify: true }, managed: ['mode'] })
    expect(await org.ask({ type: 'set_setting', key: 'notify', value: false })).toMatchObject({ ok: false })
    const { entry, states } = await closeCcp()
    expect(entry).toMatchObject({ outcome: 'confirmed', stateBefore: { type: 'routable' } })
    expect(states).toEqual(['offline'])
  })

  it('an invalid mode acts on nobody, affects no other setting, and is reported with the allowed values', async () => {
    await org.decide({ mode: 'loud', retentionDays: 7, userSettings: 'allow' })
    await until('the settings', async () => (await org.settings()).settings.retentionDays === 7)
    const { mode, problems, settingProblems } = await org.status()
    expect({ mode, problems, settingProblems }).toEqual({
      mode: 'observe',
      problems: [],
      settingProblems: [{ source: 'policy', key: 'mode', value: 'loud', allowed: 'act | observe | off' }],
    })
    for (const section of ['log', 'settings']) {
      const page = await org.stage.browser.extension.openPage(`options.html#${section}`)
      await page.waitFor(
        (id: string, words: string) => document.getElementById(id)?.textContent.includes(words) === true,
        `${section}-problems`,
        '“mode” is set to "loud" by policy. Allowed: act | observe | off. Until it is corrected, closing a CCP is only logged and changes nothing.',
      )
      await page.driver.setViewport({ width: 1100, height: 800 })
      await audit(page, `policy-problem-${section}`)
      await page.discard()
    }
  })

  it('the sample policy is accepted in full', async () => {
    await org.decide(allValues('broad'))
    const status = await until('the settings', async () => {
      const settings = await org.settings()
      return settings.managed.length === SETTING_KEYS.length && settings
    })
    expect(status).toMatchObject({ settings: DEFAULT_SETTINGS, problems: [], locked: SETTING_KEYS })
    await org.decide({ mode: 'act', recovery: 'loud', retentionDays: 7, userSettings: 'allow' })
    await until('the settings', async () => (await org.settings()).settings.retentionDays === 7)
  })

  it('is updated by the same route, and keeps log and settings', async () => {
    const log = await org.stage.log()
    expect(log.length).toBeGreaterThan(1)
    await org.update('1.1.0')
    expect(await org.stage.log()).toEqual(log)
    expect((await org.settings()).settings).toMatchObject({ retentionDays: 7, notify: false })
    expect((await closeCcp()).entry.extensionVersion).toBe('1.1.0')
  })

  it('is rolled back: older code under a higher version reads what newer code has stored', async () => {
    const log = await org.stage.log()
    await ageStore(org.stage.browser)
    await org.update('1.2.0')
    expect((await org.stage.log()).map(({ id }) => id)).toEqual(log.map(({ id }) => id))
    expect((await org.settings()).settings).toMatchObject({ retentionDays: 7, notify: false })
    expect((await org.status()).settingProblems).toMatchObject([
      { source: 'policy', key: 'recovery', value: 'loud' },
      { source: 'user', key: 'ofTomorrow', allowed: null },
    ])
    expect((await closeCcp()).entry).toMatchObject({ extensionVersion: '1.2.0', outcome: 'confirmed' })
  })

  // Firefox looks for updates only at its start.
  if (name === 'chromium') {
    it('an update during a contact waits for its end, and then takes over the CCP', async () => {
      const { stage } = org
      const alice = stage.instance.agent('alice')
      await stage.openAvailable(stage.instance.url.ccp('v2', { signInAs: 'alice' }))
      alice.ring({ channel: 'chat' })
      alice.accept()
      const has = (is: string) =>
        stage.document('alice', ({ agent }) => agent?.contacts.some(({ state }) => state === is) ?? false)
      const { docId } = await has('connected')
      const before = await org.version()
      await org.offer('1.3.0')
      // Everything that the offer triggers has happened when the next message is answered.
      await org.status()
      expect(await org.version()).toBe(before)
      await stage.leaveStore()
      alice.endContact()
      await until('version 1.3.0', async () => (await org.version()) === '1.3.0', { timeout: 30_000, each: 3_000 })
      const { late, protection } = await stage.document('alice', (doc) => doc.docId !== docId)
      expect({ late, protection }).toEqual({ late: true, protection: { status: 'protected' } })
    })
  }
}
