import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CloseKind } from '../../src/domain/field-check/observations'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, closeWindowByKey, quitByKey, reloadByKey, until } from '../browser'
import { shipped } from './builds'
import { FieldPerson, RESTORED } from './field-person'
import type { Stage } from './stage'
import { openStage } from './stage'

const PATH = '/ccp-v2'

/**
 * The field check's guided closes as a person does them, and each way in which a check can die while it has changed
 * the agent's status.
 */
export function describeFieldCloses(name: BrowserName): void {
  let stage: Stage
  let person: FieldPerson
  let profileDir: string

  beforeAll(async () => {
    profileDir = await mkdtemp(join(tmpdir(), 'kept-profile-'))
    const tenants = [
      {
        alias: 'acme',
        inboundQueues: [],
        agents: [{ username: 'tess', state: 'Training' }],
        streamsV2: '2.28' as const,
        cookieMaxAgeSeconds: 3600,
      },
    ]
    stage = await openStage({ browser: name, extensionDir: shipped(name), profileDir, instance: { tenants } })
    person = new FieldPerson(stage)
    await signInForGood()
    await person.open()
    await person.play('read')
  }, 480_000)
  afterAll(async () => {
    await stage.close()
    await rm(profileDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  })

  /** Only data written before the kill survives it: first the instance's session, then the CCP. */
  const signInForGood = async (): Promise<void> => {
    await stage.browser.newTab(stage.instance.url.signIn({ signInAs: 'tess' }))
    await stage.restart()
    await stage.browser.newWindow(stage.instance.url.ccp('v2'))
    await stage.document('tess')
    await stage.leaveStore()
  }
  const ccpUrl = (): string => stage.instance.url.ccp('v2', { signInAs: 'tess' })
  const agent = () => stage.instance.agent('tess')
  const ccp = (): Promise<Page> => stage.browser.pageAt(PATH)
  /** The previous check may have left no CCP. */
  const openCcp = async (): Promise<void> => {
    const { documents } = await stage.storedState()
    await stage.leaveStore()
    if (Object.values(documents).some(({ gone }) => gone === null)) return
    await stage.browser.newWindow(ccpUrl())
    await stage.document('tess')
    await stage.leaveStore()
  }
  const isAvailable = (): Promise<unknown> =>
    until('Available', () => agent().visibleState().type === 'routable', { timeout: 60_000 })
  const isRestored = async (): Promise<void> => {
    await until('Training', () => agent().visibleState().name === 'Training', { timeout: 150_000 })
    await person.says(RESTORED, 120_000)
  }
  const startAgain = async (): Promise<void> => {
    await stage.restart()
    await person.open()
  }
  /** Closes everything but the CCP's tab, like a person about to close the last window. */
  const leaveAllBut = async (page: Page): Promise<void> => {
    await person.leave()
    await stage.leaveStore()
    for (const other of await stage.browser.driver.pages()) if (other !== page.driver) await other.close()
  }

  interface Close {
    readonly kind: CloseKind
    readonly outcome: string | null
    readonly cause: string | null
    readonly shown: string | null
    readonly verdict: string
    readonly agrees: boolean
  }
  const closes = async (): Promise<Close[]> => (JSON.parse(await person.file()) as { closes: Close[] }).closes

  it('asks for each close, waits for it, and compares the log with the instance', async () => {
    await person.begin('closes')
    await person.says('Now close the CCP’s tab.')
    await closeTabByKey(await ccp())

    await person.says('Now close the browser’s last window.')
    const last = await ccp()
    await leaveAllBut(last)
    await closeWindowByKey(last)
    await stage.browser.exited()
    await startAgain()

    await person.says('Now reload the CCP.', 120_000)
    await reloadByKey(await ccp())

    await person.says('Now log out with the CCP’s own control.', 120_000)
    const page = await ccp()
    await page.click('#logout')
    await person.says('Open the CCP again, signed in as the same agent.', 120_000)
    await page.driver.goto(ccpUrl())
    await person.isDone('closes')
    await isRestored()
    const kept = { verdict: 'pass', agrees: true }
    expect(await closes()).toMatchObject([
      { kind: 'tab', outcome: 'confirmed', ...kept },
      { kind: 'last_window', ...kept },
      { kind: 'reload', ...kept },
      { kind: 'log_out', cause: 'logged_out', ...kept },
    ])
  }, 600_000)

  it('resumes after the browser was killed, and restores the status at the next start', async () => {
    await person.leave()
    await signInForGood()
    await person.open()
    await person.begin('kill')
    await person.says('Now end the browser’s process')
    await stage.leaveStore()
    await stage.browser.signal('SIGKILL')
    await startAgain()
    await person.isDone('kill')
    await isRestored()
    expect((await closes()).find(({ kind }) => kind === 'kill')).toMatchObject({
      outcome: 'confirmed',
      cause: 'browser_ended',
      verdict: 'pass',
      agrees: true,
    })
  }, 300_000)

  describe.each<[string, string, () => Promise<void>]>([
    ['is stopped by its button', 'You stopped the check.', () => person.press('field-stop')],
    [
      'loses its page',
      'The check stopped because this page was closed.',
      async () => {
        await person.leave()
        await person.open()
      },
    ],
    [
      'loses its background',
      'The check stopped because the browser ended Signoff’s background.',
      () => stage.browser.extension.stopBackground(),
    ],
    // A request of its page may be under way, and gets no answer.
    ['loses the CCP', 'Stopped: ', async () => closeTabByKey(await ccp())],
    [
      // The page of the check ends first.
      'ends with the browser',
      'The check stopped because',
      async () => {
        await quitByKey(stage.browser)
        await startAgain()
      },
    ],
    [
      'ends with a browser that is killed',
      'The check stopped because the browser ended.',
      async () => {
        await stage.browser.signal('SIGKILL')
        await startAgain()
      },
    ],
  ])('a check that %s', (_name, why, dies) => {
    it('restores the status', async () => {
      await openCcp()
      await person.begin('statuses')
      await isAvailable()
      await dies()
      await isRestored()
      await person.says(why)
    }, 300_000)
  })
}
