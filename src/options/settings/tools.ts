import type { SettingValue } from '../../domain/setting-spec'
import { DEFAULT_SETTINGS, SETTING_KEYS } from '../../domain/settings'
import type { ImportPlan } from '../../domain/settings-file'
import { MAX_FILE_BYTES, planImport, readSettingsFile, settingsFile } from '../../domain/settings-file'
import type { SettingsStatus } from '../../protocol/ui-messages'
import { errorText } from '../../ui/ask'
import type { Ask } from '../../ui/ask'
import { h } from '../../ui/dom'
import { t } from '../../ui/i18n'
import { showProposal } from './changes-dialog'
import type { SaveFile } from '../../ui/save-file'

export interface ToolPlaces {
  readonly tools: HTMLElement
  /** A live region that says the result. */
  readonly notice: HTMLElement
  readonly dialog: HTMLDialogElement
}

export interface ToolParts {
  readonly ask: Ask
  readonly version: string
  /** Saves a file on the user's computer. */
  readonly saveFile: SaveFile
  /** Shows settings that have changed. */
  readonly show: (status: SettingsStatus) => void
}

/** Export, import and reset of all settings. Each change is shown before it is made. */
export function settingsTools(
  { tools, notice, dialog }: ToolPlaces,
  { ask, version, saveFile, show }: ToolParts,
): void {
  const tell = (text: string) => {
    notice.textContent = text
  }
  /** Reports an error that nothing else reports. */
  const run = (task: Promise<void>) => {
    task.catch((error: unknown) => tell(errorText(error)))
  }

  const exportAll = async () => {
    tell('')
    const { settings } = await ask('get_settings')
    const now = Date.now()
    const name = `signoff-settings-${new Date(now).toISOString().slice(0, 10)}.json`
    saveFile(name, new Blob([settingsFile(settings, version, now)], { type: 'application/json' }))
    tell(t('settingsExported', name))
  }

  const picker = h('input', { type: 'file', accept: '.json,application/json', hidden: true, id: 'settings-file' })
  const importFile = async (file: File) => {
    tell('')
    if (file.size > MAX_FILE_BYTES) throw new Error(t('importForeign', file.name))
    const reading = readSettingsFile(await file.text())
    if (!reading.ok) throw new Error(t(UNREADABLE[reading.reason], file.name))
    const { settings, locked } = await ask('get_settings')
    const plan = planImport(reading.values, settings, locked)
    const apply = async () => {
      show(await ask('set_settings', { values: Object.fromEntries(plan.changes.map(({ key, to }) => [key, to])) }))
      tell(t('settingsImported', file.name))
    }
    showProposal(dialog, { title: t('importTitle', file.name), plan, apply })
  }
  picker.addEventListener('change', () => {
    const [file] = picker.files ?? []
    if (file !== undefined) run(importFile(file))
    // Allows the same file to be chosen again once it is corrected.
    picker.value = ''
  })

  const resetAll = async () => {
    tell('')
    const status = await ask('get_settings')
    const apply = async () => {
      show(await ask('reset_settings'))
      tell(t('settingsWereReset'))
    }
    // Stored values that are not in force are removed too, though that changes nothing in force.
    const plan = resetPlan(status)
    if (plan.changes.length === 0 && status.problems.some(({ source }) => source === 'user')) await apply()
    else showProposal(dialog, { title: t('resetTitle'), plan, apply })
  }

  tools.replaceChildren(
    h('button', { type: 'button', id: 'settings-export', onclick: () => run(exportAll()) }, t('settingsExport')),
    h('button', { type: 'button', id: 'settings-import', onclick: () => picker.click() }, t('settingsImport')),
    h('button', { type: 'button', id: 'settings-reset', onclick: () => run(resetAll()) }, t('settingsReset')),
    picker,
  )
}

const UNREADABLE = { not_json: 'importNotJson', foreign: 'importForeign', newer: 'importNewer' } as const

function resetPlan({ settings, locked }: SettingsStatus): ImportPlan {
  const open = SETTING_KEYS.filter((key) => !locked.includes(key))
  const defaults = Object.fromEntries(open.map((key): [string, SettingValue] => [key, DEFAULT_SETTINGS[key]]))
  return planImport(defaults, settings, locked)
}
