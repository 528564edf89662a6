import { browser } from '../platform/browser'
import { readDataInventory } from '../storage/data-inventory'
import { openLog } from '../storage/log-store'
import { ask } from '../ui/ask'
import { onStored } from '../ui/changes'
import { byId } from '../ui/dom'
import { requestHost, requestHosts } from '../ui/request-host'
import { localise } from '../ui/i18n'
import { saveFile } from '../ui/save-file'
import { accessBanner } from './access'
import { fieldCheckSection } from './health/field-check-section'
import { holdPort, printAlone } from './health/field-check-page'
import { fleetSection } from './health/fleet-section'
import { healthSection } from './health/health-section'
import { selfTestSection } from './health/self-test-section'
import { watchdogSection } from './health/watchdog-section'
import { inventorySection } from './inventory/inventory-section'
import { logPage } from './log/page'
import { startNav } from './nav'
import { reportSection } from './report/report-section'
import { settingsSection } from './settings/settings-section'
import { settingsTools } from './settings/tools'

localise(document)

const settings = settingsSection(
  {
    form: byId('settings-form', HTMLElement),
    intro: byId('settings-intro', HTMLElement),
    problems: byId('settings-problems', HTMLElement),
    tools: byId('settings-tools', HTMLElement),
  },
  ask,
)
settingsTools(
  {
    tools: byId('settings-tools', HTMLElement),
    notice: byId('settings-notice', HTMLElement),
    dialog: byId('settings-dialog', HTMLDialogElement),
  },
  { ask, version: browser.runtime.getManifest().version, saveFile, show: (status) => settings.show(status) },
)
const showLog = logPage()
selfTestSection(byId('self-test', HTMLElement), ask)
const fieldPlace = byId('field-check', HTMLElement)
const fieldCheck = fieldCheckSection(fieldPlace, {
  ask,
  saveFile,
  print: () => printAlone(fieldPlace),
  connect: holdPort(),
})
const health = healthSection(byId('health-view', HTMLElement), ask, requestHosts)

const fleet = fleetSection(
  { card: byId('fleet', HTMLElement), notices: byId('fleet-notices', HTMLElement) },
  ask,
  requestHost,
)
const watchdog = watchdogSection(byId('watchdog', HTMLElement), ask, requestHost)
const report = reportSection(byId('report-view', HTMLElement), openLog, saveFile)
const kept = inventorySection(
  { view: byId('kept-view', HTMLElement), dialog: byId('kept-dialog', HTMLDialogElement) },
  ask,
  readDataInventory,
)

onStored(['log'], () => void report.refresh())
onStored(['log', 'sessions', 'settings', 'policy', 'outbox'], () => void kept.refresh())
onStored(['sessions', 'settings', 'policy'], () => void health.refresh())
onStored(['sessions', 'settings', 'policy', 'fieldCheck'], () => void fieldCheck.refresh())
onStored(['settings', 'policy', 'outbox'], () => void fleet.refresh())
onStored(['settings', 'policy', 'heartbeats'], () => void watchdog.refresh())
// Not for changes by this page: it has the answer already.
onStored(['policy'], () => void settings.load())
startNav(document, (id) => {
  health.show(id === 'health')
  fieldCheck.show(id === 'health')
  report.show(id === 'report')
  kept.show(id === 'kept')
  if (id === 'settings') void settings.load()
  if (id === 'settings' || id === 'health') void fleet.refresh()
  if (id === 'health') void watchdog.refresh()
  showLog(id === 'log')
})
void accessBanner(byId('access', HTMLElement))
