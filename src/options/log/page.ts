import { browser } from '../../platform/browser'
import { openLog } from '../../storage/log-store'
import { ask } from '../../ui/ask'
import { onStored } from '../../ui/changes'
import { byId } from '../../ui/dom'
import { saveFile } from '../../ui/save-file'
import { settingProblems } from '../settings/problem-list'
import { supportSection } from '../support/support-section'
import { clearLock } from './clear-lock'
import { logExport } from './export'
import { leftAvailable } from './left-available'
import { logPlaces } from './places'
import { logSection } from './log-section'

/**
 * Brings the section of the log to life, and keeps it up to date with the store.
 * @returns takes whether the section is shown: the log is not read while it is hidden.
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
    log,
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
  foldFilters(byId('log-filters', HTMLDetailsElement))
  let isShown = false
  let isStale = true
  const read = () => {
    isStale = !isShown
    if (isShown) void log.load()
  }
  onStored(['log'], read)
  onStored(['settings', 'policy'], () => {
    void lookAtLock()
    void lookAtProblems()
  })
  onStored(['sessions', 'log'], () => {
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

/** On narrow pages the filters are folded, so that the first entry is in sight. The width is the one in log.css. */
function foldFilters(filters: HTMLDetailsElement): void {
  const narrow = matchMedia('(max-width: 60rem)')
  const follow = () => {
    filters.open = !narrow.matches
  }
  narrow.addEventListener('change', follow)
  follow()
}
