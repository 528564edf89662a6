import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FleetStatus, TestResult } from '../../src/domain/fleet/sending-status'
import type { UiAnswer } from '../../src/protocol/ui-messages'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, until } from '../browser'
import { Collector } from '../collector/collector'
import { audit } from './audit'
import { shipped } from './builds'
import { readOwn, storeSettings } from './own-store'
import type { Stage } from './stage'
import { openStage } from './stage'

/** The part of the extension API that is used here; Firefox has it under this name too. */
declare const chrome: {
  runtime: { sendMessage(message: object): Promise<unknown> }
}

const KEY = 'a key that no record may show'

/** What an organization's collector receives from real browsers, decoded by the official definitions. */
export function describeFleet(name: BrowserName): void {
  let stage: Stage
  let collector: Collector
  let profile: string

  beforeAll(async () => {
    collector = new Collector({ key: KEY, cors: true })
    await collector.listen()
    profile = mkdtempSync(join(tmpdir(), 'fleet-'))
    stage = await openStage({
      browser: name,
      extensionDir: shipped(name),
      profileDir: profile,
      // Firefox grants what a click requests without its own prompt, which the driver cannot press.
      extraPrefs: { 'extensions.webextOptionalPermissionPrompts': false },
    })
  }, 240_000)
  afterAll(async () => {
    await stage.close()
    await collector.close()
    rmSync(profile, { recursive: true, force: true })
  })

  const configure = (more: object = {}): Promise<void> =>
    storeSettings(stage.browser, {
      otlpEndpoint: collector.url,
      otlpHeaders: [`X-Key=${KEY}`],
      otlpResource: ['site=Lisboa'],
      agentIdentity: 'user_name',
      ...more,
    })
  const ask = async <R>(type: string): Promise<R> => {
    const answer = await stage.browser.extension.readStore(
      (text: string) => chrome.runtime.sendMessage(JSON.parse(text) as object) as Promise<UiAnswer<R>>,
      JSON.stringify({ kind: 'ui', type }),
    )
    if (!answer.ok) throw new Error(answer.error)
    return answer.value
  }
  /** Closes the CCP of an agent about whom nothing can be known afterwards. */
  async function closeUnnoticed(page: Page): Promise<void> {
    const { faults } = stage.instance
    faults.set({ operation: 'PutAgentState', hang: true })
    faults.set({ operation: 'authorize', fail: { code: 'UnauthorizedException' } })
    await stage.ready(page, 'stopped')
    await closeTabByKey(page)
  }

  /** Has an agent flagged while the collector refuses everything; returns how many requests it had answered before. */
  async function flagUnnoticed(): Promise<number> {
    collector.fault = { status: 503 }
    const tried = collector.requests.length
    await closeUnnoticed(await stage.openAvailable(stage.instance.url.ccp('v1', { signInAs: 'alice' })))
    await collector.answered(tried + 1)
    return tried
  }

  it('nothing is recorded before there is an address', async () => {
    const before = await stage.log()
    const page = await stage.openAvailable(stage.instance.url.ccp('v1', { signInAs: 'alice' }))
    await closeTabByKey(page)
    await stage.newEntries(before)
    const kept = await stage.browser.extension.readStore(async () => [
      ...(await indexedDB.databases()).map(({ name }) => name),
    ])
    kept.push(...Object.keys(await stage.browser.extension.readStore(readOwn)))
    expect(kept).toContain('ccp-signoff-log')
    expect(kept).not.toContain('ccp-signoff-outbox')
    expect(kept).not.toContain('installation')
  })

  if (name === 'firefox') {
    it('nothing is sent or queued before consent, which “Allow access” asks for', async () => {
      await configure()
      const options = await stage.browser.extension.openPage('options.html#health')
      await options.waitFor(() => document.querySelector('#fleet')?.textContent.includes('Needed'))
      await audit(options, 'consent')
      const before = await stage.log()
      const page = await stage.openAvailable(stage.instance.url.ccp('v1', { signInAs: 'alice' }))
      await closeTabByKey(page)
      await stage.newEntries(before)
      expect(await ask<FleetStatus>('fleet_status')).toMatchObject({ waiting: 0 })
      expect(collector.requests).toEqual([])
      await options.toFront()
      await options.click('#fleet-allow')
      await options.waitFor(() => document.querySelector<HTMLElement>('#fleet-allow')?.hidden === true)
      // The first record is that of this browser's start.
      await until('a record to wait', async () => (await ask<FleetStatus>('fleet_status')).waiting > 0)
      await options.discard()
    })
  }

  it('a test record arrives', async () => {
    await configure()
    expect(await ask<TestResult>('fleet_test')).toMatchObject({ ok: true, status: 200 })
    const [record] = collector.of('ccp_signoff.test')
    expect(record?.resource).toMatchObject({ 'service.name': 'ccp-signoff', 'os.type': 'linux', site: 'Lisboa' })
  })

  it('a flag is sent within a minute, and its end when the agent is back', async () => {
    const ccp = stage.instance.url.ccp('v1', { signInAs: 'alice' })
    const page = await stage.openAvailable(ccp)
    const closedAt = Date.now()
    await closeUnnoticed(page)
    const raised = await collector.record('the flag', ({ event }) => event === 'ccp_signoff.flag.raised', 60_000)
    expect(raised).toMatchObject({ severity: 'ERROR', attributes: { 'user.name': 'alice' } })
    expect(collector.requests.at(-1)?.at).toBeLessThan(closedAt + 60_000)
    const { 'ccp_signoff.close.id': closeId, 'ccp_signoff.flag.since': since } = raised.attributes
    expect(Math.abs(Date.parse(String(since)) - closedAt)).toBeLessThan(20_000)
    // The close itself is sent under its own id.
    const close = await collector.record('the close', ({ event, attributes }) => {
      return event === 'ccp_signoff.close' && attributes['ccp_signoff.close.id'] === closeId
    })
    expect(close.attributes['ccp_signoff.close.needs_attention']).toBe(true)
    expect(String(close.attributes['log.record.uid']).endsWith(`/${String(closeId)}`)).toBe(true)

    stage.instance.faults.clear()
    const back = await stage.openAvailable(ccp)
    await collector.record('the end of it', ({ event }) => event === 'ccp_signoff.flag.cleared', 60_000)
    await closeTabByKey(back)
  })

  it('records that the collector refused are kept, survive the background’s death, and are sent once', async () => {
    await flagUnnoticed()
    const flags = collector.of('ccp_signoff.flag.raised').length
    await until('it to be known', async () => (await ask<FleetStatus>('fleet_status')).ledger.problem?.status === 503)
    expect((await ask<FleetStatus>('fleet_status')).waiting).toBeGreaterThan(0)
    // Set before the collector is back: a starting background sends at once, with the settings that it finds.
    await configure({ otlpProtocol: 'json' })
    await stage.browser.extension.stopBackground()
    collector.fault = null
    await ask<FleetStatus>('fleet_status')
    await until('the flag', () => collector.of('ccp_signoff.flag.raised').length > flags)
    await until('the outbox to be empty', async () => (await ask<FleetStatus>('fleet_status')).waiting === 0)
    const ids = collector.records.map(({ attributes }) => attributes['log.record.uid'])
    expect(new Set(ids).size).toBe(ids.length)
    expect(collector.requests.at(-1)?.headers['content-type']).toBe('application/json')
    stage.instance.faults.clear()
  })

  it('waiting records survive the browser', async () => {
    const tried = await flagUnnoticed()
    await until('the flag to wait', async () => (await stage.storedState()).flags.length > 0)
    const flags = collector.of('ccp_signoff.flag.raised').length
    await stage.leaveStore()
    await stage.browser.signal('SIGKILL')
    collector.fault = null
    await stage.restart()
    await until('the flag', () => collector.of('ccp_signoff.flag.raised').length > flags)
    const start = await collector.record(
      'the start',
      ({ attributes, at }) => {
        return attributes['ccp_signoff.coverage.cause'] === 'start' && at > (collector.requests[tried]?.at ?? 0)
      },
      60_000,
    )
    expect(start.resource['service.instance.id']).toBe(collector.records[0]?.resource['service.instance.id'])
    stage.instance.faults.clear()
  })

  it('no record contains a secret', () => {
    const everything = JSON.stringify(collector.records)
    expect(everything).toContain('ccp_signoff.flag.raised')
    expect(everything).not.toContain(KEY)
    expect(everything).not.toMatch(/authToken|Bearer/i)
  })

  it('the options page shows that the key is wrong', async () => {
    await configure({ otlpHeaders: ['X-Key=wrong'] })
    expect(await ask<TestResult>('fleet_test')).toMatchObject({ ok: false, problem: { status: 401 } })
    const page = await stage.browser.extension.openPage('options.html#health')
    await page.click('#fleet-test')
    await until('the words', () => page.evaluate(() => document.querySelector('#fleet')?.textContent.includes('401')))
    await audit(page, 'fleet')
    await page.discard()
  })
}
