import { browser } from '../platform/browser'
import { readKept } from '../storage/kept'
import { readEntries } from '../storage/log-store'
import { ask } from '../ui/ask'
import { onStored } from '../ui/changes'
import { byId } from '../ui/dom'
import { requestHost, requestHosts } from '../ui/host-access'
import { localise } from '../ui/i18n'
import { saveFile } from '../ui/save-file'
import { accessBanner } from './access'
import { fleetSection } from './health/fleet'
import { healthSection } from './health/section'
import { selfTestSection } from './health/self-test'
import { keptSection } from './kept/section'
import { logPage } from './log/page'
import { startNav } from './nav'
import { reportSection } from './report/section'
import { settingsSection } from './settings/section'
import { settingsTools } from './settings/tools'

localise(document)

const settings = settingsSection(
  { form: byId('settings-form', HTMLElement), problems: byId('settings-problems', HTMLElement) },
  ask,
)
settingsTools(
  {
    tools: byId('settings-tools', HTMLElement),
    told: byId('settings-told', HTMLElement),
    dialog: byId('settings-dialog', HTMLDialogElement),
  },
  { ask, version: browser.runtime.getManifest().version, saveFile, show: (status) => settings.show(status) },
)
const showLog = logPage()
selfTestSection(byId('self-test', HTMLElement), ask)
const health = healthSection(byId('health-view', HTMLElement), ask, requestHosts)

const fleet = fleetSection(
  { card: byId('fleet', HTMLElement), notices: byId('fleet-notices', HTMLElement) },
  ask,
  requestHost,
)
const report = reportSection(byId('report-view', HTMLElement), readEntries)
const kept = keptSection(
  { view: byId('kept-view', HTMLElement), dialog: byId('kept-dialog', HTMLDialogElement) },
  ask,
  readKept,
)

onStored(['logRevision'], () => void report.refresh())
onStored(['logRevision', 'sessions', 'settings', 'policy', 'fleetRevision'], () => void kept.refresh())
onStored(['sessions', 'settings', 'policy'], () => void health.refresh())
onStored(['settings', 'policy', 'fleetRevision'], () => void fleet.refresh())
// Not for what is stored by this page: it has the answer already.
onStored(['policy'], () => void settings.load())
startNav(document, (id) => {
  health.show(id === 'health')
  report.show(id === 'report')
  kept.show(id === 'kept')
  if (id === 'settings') void settings.load()
  if (id === 'settings' || id === 'health') void fleet.refresh()
  showLog(id === 'log')
})
void accessBanner(byId('access', HTMLElement))
