import { mkdirSync } from 'node:fs'
import { launch, type Browser, type Page } from 'puppeteer-core'
import { startInstance, type Instance, type StreamsVersion } from './instance'

/**
 * Checks the stand-in in real browsers, by hand: `npx tsx test/instance/check-in-browsers.ts chromium firefox`. With
 * each Streams version in page and SharedWorker, the CCP must find its agent, set states, show contacts and log out.
 */
const SHOTS = process.env['SHOTS']

function launchBrowser(kind: string, instance: Instance): Promise<Browser> {
  if (kind === 'firefox') {
    return launch({
      browser: 'firefox',
      executablePath: '/usr/bin/firefox-esr',
      headless: true,
      acceptInsecureCerts: true,
      extraPrefsFirefox: {
        'network.dns.forceResolve': '127.0.0.1',
        'network.socket.forcePort': `443=${instance.port}`,
      },
    })
  }
  const rules = instance.hosts.map((host) => `MAP ${host} 127.0.0.1:${instance.port}`).join(',')
  return launch({
    executablePath: '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', `--host-resolver-rules=${rules}`, `--ignore-certificate-errors-spki-list=${instance.spki}`],
  })
}

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return
  mkdirSync(SHOTS, { recursive: true })
  await page.screenshot({ path: `${SHOTS}/${name}.png` })
}

const bodyState = (name: string): string => `document.body.dataset.state === '${name}'`

async function choose(page: Page, type: string): Promise<void> {
  await page.click('#status')
  await page.click(`.option[data-type="${type}"]`)
}

async function checkVersion(
  browser: Browser,
  instance: Instance,
  kind: string,
  generation: 'v1' | 'v2',
  streams: StreamsVersion,
): Promise<void> {
  const { journal } = instance
  const alice = instance.agent('alice')
  const name = `${kind}-${generation}-${streams}`
  const page = await browser.newPage()
  await page.setViewport({ width: 360, height: 560 })
  page.on('console', (message) => {
    const text = message.text()
    if (/Content.Security.Policy|violates|Uncaught/i.test(text)) console.log(`  ${name} console: ${text.slice(0, 300)}`)
  })
  page.on('pageerror', (error) => console.log(`  ${name} page error: ${String(error).slice(0, 300)}`))
  alice.set('offline', 'test')
  const started = Date.now()
  const mark = journal.mark()
  await page.goto(instance.url.ccp(generation, { signInAs: 'alice', streams }))
  await page.waitForFunction(bodyState('Offline'))
  const readyMs = Date.now() - started
  await shoot(page, `${name}-offline`)
  await choose(page, 'routable')
  const entry = await journal.waitForState({ agent: 'alice', type: 'routable', by: 'api' }, { after: mark })
  await page.waitForFunction(bodyState('Available'))
  await shoot(page, `${name}-available`)
  alice.ring({ channel: 'chat', customer: 'Sam Okafor' })
  await page.waitForSelector('.contact.chat .accept')
  await page.click('.contact.chat .accept')
  await page.waitForSelector('.contact.chat.connected')
  alice.ring({ channel: 'voice' })
  await page.waitForSelector('.contact.voice .accept')
  await shoot(page, `${name}-ringing`)
  await page.click('.contact.voice .accept')
  await page.waitForFunction(bodyState('Busy'))
  await shoot(page, `${name}-call`)
  await page.click('.contact.voice .decline')
  await page.waitForFunction(bodyState('AfterCallWork'))
  await shoot(page, `${name}-acw`)
  for (const contact of alice.contacts()) if (contact.live) alice.endContact(contact.id)
  for (const contact of alice.contacts()) alice.clearContact(contact.id)
  await page.waitForFunction(bodyState('Available'))
  const sockets = instance.webSockets.open
  const polls = journal.requests.filter(({ operation, seq }) => operation === 'GetAgentSnapshot' && seq > mark).length
  const signedOut = journal.mark()
  await page.click('#logout')
  await journal.waitFor((each) => each.kind === 'session' && each.event === 'sign-out', { after: signedOut })
  await page.waitForFunction(`location.pathname.endsWith('/login')`)
  await shoot(page, `${name}-signed-out`)
  const cause = entry.cause.by === 'api' ? entry.cause.request.details.browser : '?'
  console.log(
    `ok ${name}: ready in ${readyMs} ms, state set by ${cause}, ${sockets} web socket, ${polls} polls, after logout ${alice.state().name}`,
  )
  await page.close()
}

async function main(): Promise<void> {
  for (const kind of process.argv.slice(2)) {
    const instance = await startInstance()
    const browser = await launchBrowser(kind, instance)
    try {
      await checkVersion(browser, instance, kind, 'v1', '1.4')
      await checkVersion(browser, instance, kind, 'v1', '1.8')
      await checkVersion(browser, instance, kind, 'v2', '2.28')
    } finally {
      await browser.close()
      await instance.close()
    }
  }
}

void main()
