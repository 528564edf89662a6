import type { ChildProcess } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import type { Page as DriverPage } from 'puppeteer-core'
import { launchChromium } from './chromium'
import { extensionOf } from './extension'
import { launchFirefox } from './firefox'
import { pageOf } from './page'
import { profileAt } from './profile'
import type { Browser, LaunchOptions, Page } from './types'
import { until } from './until'

const LAUNCH = { chromium: launchChromium, firefox: launchFirefox }

/** Launches a real browser with a window on the display. */
export async function launchBrowser(options: LaunchOptions): Promise<Browser> {
  const profile = await profileAt(options.profileDir)
  const quirks = await LAUNCH[options.browser](options, profile.dir)
  const { driver } = quirks
  const main = driver.process()
  if (!main) throw new Error('The driver did not start the browser itself')

  const pages = new Map<DriverPage, Page>()
  const known = (page: DriverPage): Page => {
    const handle = pages.get(page) ?? pageOf(browser, page, quirks)
    pages.set(page, handle)
    return handle
  }
  const open = async (type: 'tab' | 'window', url: string): Promise<Page> => {
    const page = await driver.newPage({ type })
    if (url !== 'about:blank') await page.goto(url, { waitUntil: 'load' })
    return known(page)
  }
  const first = await until('the first tab', async () => (await driver.pages())[0])
  const browser: Browser = {
    name: options.browser,
    display: options.display,
    driver,
    process: main,
    profileDir: profile.dir,
    get home() {
      return known(first)
    },
    get extension() {
      if (!extension) throw new Error('There is no extension')
      return extension
    },
    installExtension: async (dir) => {
      extension = extensionOf(browser, await quirks.installExtension(dir), known)
    },
    uninstallExtension: async () => {
      await quirks.uninstallExtension(browser.extension.id)
      extension = undefined
    },
    newWindow: (url) => open('window', url),
    newTab: (url) => open('tab', url),
    pageAt: async (urlPart) =>
      known(
        await until(`a tab at ${urlPart}`, async () => {
          const all = await driver.pages()
          const told = all.find((page) => page.url().includes(urlPart))
          if (told !== undefined) return told
          // Firefox's driver does not know the addresses of the extension's own pages, so the pages are asked.
          for (const page of all.filter((one) => one.url() === 'about:blank')) {
            if (String(await page.evaluate('location.href')).includes(urlPart)) return page
          }
          return undefined
        }),
      ),
    signal: async (signal) => {
      main.kill(signal)
      await exit(main)
    },
    killRenderer: async (page) => {
      const pid = await quirks.rendererPid(page.driver)
      const at = Date.now()
      process.kill(pid, 'SIGKILL')
      await until(`process ${pid} to be gone`, () => !isAlive(pid))
      return at
    },
    sleep: async (ms) => {
      // The driver starts the browser as the head of its own process group.
      const group = -(main.pid ?? 0)
      process.kill(group, 'SIGSTOP')
      try {
        await delay(ms)
      } finally {
        process.kill(group, 'SIGCONT')
      }
    },
    hasExited: () => hasExited(main),
    exited: () => exit(main),
    close: async () => {
      if (!hasExited(main)) await driver.close().catch(() => main.kill('SIGKILL'))
      await exit(main)
      await profile.remove()
    },
  }
  let extension = quirks.extension && extensionOf(browser, quirks.extension, known)
  return browser
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

async function exit(child: ChildProcess): Promise<void> {
  await until('the browser to end', () => hasExited(child))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
