import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from '../browser'
import { until } from '../browser'

/** A folder for a browser's downloads. */
export interface Downloads {
  /** Makes Firefox save there without asking. */
  readonly firefoxPrefs: Readonly<Record<string, string | number | boolean>>
  /** Makes Chromium save there. */
  into(browser: Browser): Promise<void>
  /** Waits for a file whose name ends like this, returns its text, and deletes it. */
  read(ending: string): Promise<string>
  remove(): Promise<void>
}

export async function makeDownloads(): Promise<Downloads> {
  const dir = await mkdtemp(join(tmpdir(), 'signoff-downloads-'))
  return {
    firefoxPrefs: {
      'browser.download.folderList': 2,
      'browser.download.dir': dir,
      'browser.download.useDownloadDir': true,
      'browser.download.alwaysOpenPanel': false,
    },
    into: async ({ name, driver }) => {
      if (name !== 'chromium') return
      const session = await driver.target().createCDPSession()
      await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: dir })
    },
    read: async (ending) => {
      const found = await until(`a saved ${ending}`, async () => {
        const names = await readdir(dir)
        // While a file is being written, the browser keeps a partial file beside it.
        const isDone = names.every((name) => !/\.(part|crdownload)$/.test(name))
        const path = names.find((name) => name.endsWith(ending))
        if (path === undefined || !isDone) return null
        const text = await readFile(join(dir, path), 'utf8')
        return text === '' ? null : { path, text }
      })
      await rm(join(dir, found.path))
      return found.text
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}
