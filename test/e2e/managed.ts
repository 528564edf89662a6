import type { Browser } from '../browser'
import { inChromeScope } from '../browser/chrome-scope'

/** What a user may do with the extension. */
export interface Powers {
  readonly disable: boolean
  readonly uninstall: boolean
}

/** What the browser's own extensions page would let a user do. */
export async function mayBeSwitchedOff(browser: Browser): Promise<Powers> {
  return browser.name === 'chromium' ? inChromium(browser) : inFirefox(browser)
}

async function inChromium(browser: Browser): Promise<Powers> {
  const { id } = browser.extension
  const page = await browser.newTab(`chrome://extensions/?id=${id}`)
  try {
    const powers = await page.evaluate(async (extensionId: string) => {
      const tried = async (attempt: () => Promise<void>): Promise<boolean> =>
        attempt().then(
          () => true,
          () => false,
        )
      return {
        disable: await tried(() => chrome.management.setEnabled(extensionId, false)),
        uninstall: await tried(() => chrome.management.uninstall(extensionId)),
        info: await chrome.developerPrivate.getExtensionInfo(extensionId),
      }
    }, id)
    const { info, disable, uninstall } = powers
    if (info.state !== 'ENABLED') throw new Error(`The extension is ${info.state}.`)
    return { disable: disable || info.userMayModify, uninstall: uninstall || !info.mustRemainInstalled }
  } finally {
    await page.discard()
  }
}

async function inFirefox({ driver, extension: { id } }: Browser): Promise<Powers> {
  return inChromeScope(
    driver,
    async (addonId) => {
      const { AddonManager } = ChromeUtils.importESModule('resource://gre/modules/AddonManager.sys.mjs')
      const { permissions, isActive } = await AddonManager.getAddonByID(addonId)
      if (!isActive) throw new Error('The add-on is not active.')
      return {
        disable: (permissions & AddonManager.PERM_CAN_DISABLE) !== 0,
        uninstall: (permissions & AddonManager.PERM_CAN_UNINSTALL) !== 0,
      }
    },
    id,
  )
}

/** The part of the API of Chromium's own page that is used here. */
declare const chrome: {
  management: { setEnabled(id: string, enabled: boolean): Promise<void>; uninstall(id: string): Promise<void> }
  developerPrivate: {
    getExtensionInfo(id: string): Promise<{ state: string; userMayModify: boolean; mustRemainInstalled: boolean }>
  }
}

/** The browser's own objects that are used here. */
declare const ChromeUtils: {
  importESModule(url: 'resource://gre/modules/AddonManager.sys.mjs'): {
    AddonManager: {
      PERM_CAN_DISABLE: number
      PERM_CAN_UNINSTALL: number
      getAddonByID(id: string): Promise<{ permissions: number; isActive: boolean }>
    }
  }
}
