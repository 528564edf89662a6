import type { LogStore } from '../../storage/log-store'
import type { Ask } from '../../ui/ask'
import { errorText } from '../../ui/ask'
import { t } from '../../ui/i18n'
import type { SaveFile } from '../../ui/save-file'
import { fileName } from '../../ui/save-file'
import { SUPPORT_ENTRIES, supportFile } from './support-file'

export interface SupportPlaces {
  readonly save: HTMLButtonElement
  /** A live region: what was saved. */
  readonly said: HTMLElement
}

export interface SupportAbout {
  readonly extensionVersion: string
  readonly userAgent: string
  readonly language: string
}

/**
 * The button that saves a support file. Parts that cannot be read are left out, and named in the file: it is made for a broken
 * installation.
 */
export function supportSection(
  { save, said }: SupportPlaces,
  ask: Ask,
  openLog: () => Promise<Pick<LogStore, 'newest'>>,
  saveFile: SaveFile,
  about: SupportAbout,
): void {
  const run = async () => {
    const failures: string[] = []
    const orNull = async <T>(task: Promise<T>): Promise<T | null> => {
      try {
        return await task
      } catch (error) {
        failures.push(errorText(error))
        return null
      }
    }
    const [status, settings, entries] = await Promise.all([
      orNull(ask('get_status')),
      orNull(ask('get_settings')),
      orNull(openLog().then((log) => log.newest(SUPPORT_ENTRIES))),
    ])
    const now = Date.now()
    const name = fileName('signoff-support', now, 'json')
    const content = supportFile({ ...about, now, status, settings, entries, failures })
    saveFile(name, new Blob([JSON.stringify(content, null, 1)], { type: 'application/json' }))
    said.textContent = t('supportSaved', name)
  }
  save.addEventListener('click', () => {
    run().catch((error: unknown) => {
      said.textContent = t('logNotSaved', errorText(error))
    })
  })
}
