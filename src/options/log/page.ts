import { browser } from '../../platform/browser'
import { openLog } from '../../storage/log-store'
import { ask } from '../../ui/ask'
import { onStored } from '../../ui/changes'
import { byId } from '../../ui/dom'
import { saveFile } from '../../ui/save-file'
import { settingProblems } from '../settings/problems'
import { supportSection } from '../support/section'
import { clearLock } from './clear-lock'
import { logExport } from './export'
import { leftAvailable } from './left'
import { logPlaces } from './places'
import { logSection } from './section'

/**
 * Brings the section of the log to life, and keeps it at what is stored.
 * @returns to be told whether the section is shown: what nobody looks at is not read.
 */
export function logPage(): (isShown: boolean) => void {
  const { version: extensionVersion } = browser.runtime.getManifest()
  const log = logSection(logPlaces(), ask, openLog, () => exported())
  const exported = logExport(
    {
      csv: byId('log-csv', HTMLButtonElement),
      json: byId('log-json', HTMLButtonElement),
      said: byId('log-said', HTMLElement),
    },
    () => log.shown(),
    saveFile,
    extensionVersion,
  )
  const lookAtLock = clearLock(byId('log-clear', HTMLButtonElement), ask)
  const lookAtProblems = settingProblems(byId('log-problems', HTMLElement), ask)
  const loadLeft = leftAvailable(byId('left-available', HTMLElement), ask, openLog)
  supportSection(
    { save: byId('support-save', HTMLButtonElement), said: byId('support-said', HTMLElement) },
    ask,
    openLog,
    saveFile,
    { extensionVersion, userAgent: navigator.userAgent, language: navigator.language },
  )
  let isShown = false
  let isStale = true
  const read = () => {
    isStale = !isShown
    if (isShown) void log.load()
  }
  onStored(['logRevision'], read)
  onStored(['settings', 'policy'], () => {
    void lookAtLock()
    void lookAtProblems()
  })
  onStored(['sessions', 'logRevision'], () => {
    if (isShown) void loadLeft()
  })
  return (next) => {
    isShown = next
    if (!isShown) return
    if (isStale) read()
    void lookAtLock()
    void lookAtProblems()
    void loadLeft()
  }
}
