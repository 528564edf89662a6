import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserName } from '../browser'
import { closeTabByKey, until } from '../browser'
import { plain } from './mozlz4'
import { shipped } from './builds'
import type { Stage } from './stage'
import { openStage } from './stage'

/** Where a browser stores what it would open again. */
const FOLDERS: Readonly<Record<BrowserName, string>> = {
  chromium: 'Default/Sessions',
  firefox: 'sessionstore-backups',
}

/** The options that make each browser reopen its tabs, and store them soon. */
const OPTIONS: Readonly<Record<BrowserName, Pick<Parameters<typeof openStage>[0], 'extraArgs' | 'extraPrefs'>>> = {
  chromium: { extraArgs: ['--restore-last-session'] },
  firefox: {
    extraPrefs: {
      'browser.sessionstore.resume_from_crash': true,
      'browser.sessionstore.max_resumed_crashes': 99,
      'browser.sessionstore.interval': 500,
      'browser.sessionstore.interval.idle': 500,
    },
  },
}

/** A killed browser reopens its CCP: the agent is back, and keeps their status. */
export function describeRestore(name: BrowserName): void {
  let stage: Stage
  let profileDir: string

  beforeAll(async () => {
    profileDir = await mkdtemp(join(tmpdir(), 'kept-profile-'))
    const tenants = [{ alias: 'acme', agents: [{ username: 'alice' }], cookieMaxAgeSeconds: 3600 }]
    stage = await openStage({
      browser: name,
      extensionDir: shipped(name),
      profileDir,
      instance: { tenants },
      ...OPTIONS[name],
    })
  }, 240_000)
  afterAll(async () => {
    await stage.close()
    await rm(profileDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  })

  const isWrittenDown = (...addresses: string[]): boolean => {
    const folder = join(profileDir, FOLDERS[name])
    if (!existsSync(folder)) return false
    const lists = readdirSync(folder).map((file) => plain(readFileSync(join(folder, file))))
    return lists.some((list) => addresses.every((address) => list.includes(address)))
  }

  it('leaves the status alone, and a later close is an ordinary one', async () => {
    const { journal } = stage.instance
    // Only data written before the kill survives it, so the instance's session comes first.
    await stage.browser.newTab(stage.instance.url.signIn({ signInAs: 'alice' }))
    await stage.restart()
    const page = await stage.openAvailable(stage.instance.url.ccp('v1'))
    const { docId } = await stage.document('alice')
    await until('the browser to have written down what is open', () => isWrittenDown('connect/ccp'))
    const mark = journal.mark()
    await stage.leaveStore()
    await stage.browser.signal('SIGKILL')
    await stage.restart()
    const back = await stage.browser.pageAt(new URL(page.url()).pathname)
    const doc = await stage.document('alice', (one) => one.docId !== docId)
    expect(doc.agent?.state.type).toBe('routable')
    // A restored tab that has the number of the CCP's and is still loading is checked again half a minute later.
    const [left] = await until('the entry', () => stage.newEntries([]), { timeout: 50_000 })
    expect(left).toMatchObject({ cause: 'browser_ended', reason: 'agent_present', stateBefore: { type: 'routable' } })
    expect(journal.states.filter(({ seq }) => seq > mark)).toEqual([])
    expect((await stage.storedState()).flags).toEqual([])

    await stage.ready(back, 'awake')
    await closeTabByKey(back)
    await journal.waitForState({ agent: 'alice', type: 'offline', by: 'api' }, { after: mark })
    const entries = await stage.newEntries([], 2)
    expect(entries.filter(({ id }) => id !== left?.id)).toMatchObject([{ outcome: 'confirmed' }])
  }, 240_000)

  // Chromium loads all of them, one after another.
  if (name === 'firefox') {
    it('is not a return if the tab is there but not loaded: the agent is set Offline', async () => {
      const { journal } = stage.instance
      const before = await stage.log()
      const page = await stage.openAvailable(stage.instance.url.ccp('v1'))
      await page.toFront()
      const front = 'https://in-front.example.test/'
      await stage.browser.newTab(front)
      await until('the browser to have written down what is open', () => isWrittenDown('connect/ccp', front))
      const mark = journal.mark()
      await stage.leaveStore()
      await stage.browser.signal('SIGKILL')
      await stage.restart()
      await stage.browser.pageAt(front)
      await journal.waitForState({ agent: 'alice', type: 'offline', by: 'api' }, { after: mark })
      const [entry] = await stage.newEntries(before)
      expect(entry).toMatchObject({ cause: 'browser_ended', outcome: 'confirmed', evidence: 'set_by_background' })
      expect(Object.values((await stage.storedState()).documents).filter(({ gone }) => gone === null)).toEqual([])
    }, 240_000)
  }
}
