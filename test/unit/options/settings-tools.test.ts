/** @jest-environment jsdom */
import { DEFAULT_SETTINGS, isSecret } from '../../../src/domain/settings'
import type { SettingKey, Settings } from '../../../src/domain/settings'
import { settingsFile } from '../../../src/domain/settings-file'
import { settingsTools } from '../../../src/options/settings/tools'
import type { SettingsStatus } from '../../../src/protocol/ui-messages'
import type { Ask } from '../../../src/ui/ask'
import { byId } from '../../../src/ui/dom'
import { loadOptionsPage } from './page'
import { textOf } from '../ui/text-of'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

let status: SettingsStatus
const ask = jest.fn<Promise<SettingsStatus>, [string, object?]>()
const saveFile = jest.fn<undefined, [string, Blob]>()
const show = jest.fn<undefined, [SettingsStatus]>()
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

const dialog = () => byId('settings-dialog', HTMLDialogElement)
const told = () => byId('settings-notice', HTMLElement).textContent
const button = (name: string) =>
  [...dialog().querySelectorAll('button')].find(({ textContent }) => textContent === name) ?? null
const press = async (id: string) => {
  byId(id, HTMLButtonElement).click()
  await settled()
}
/** As when a person chooses a file. */
async function choose(text: string, name = 'pilot.json', size = text.length): Promise<void> {
  const picker = byId('settings-file', HTMLInputElement)
  const file = { name, size, text: () => Promise.resolve(text) }
  Object.defineProperty(picker, 'files', { value: [file], configurable: true })
  picker.dispatchEvent(new Event('change'))
  await settled()
}
const fileWith = (settings: object) =>
  settingsFile(DEFAULT_SETTINGS, '1.0.0', 0).replace(
    /"settings": \{[^]*\}\n\}/,
    `"settings": ${JSON.stringify(settings)} }`,
  )
const inForce = (over: Partial<Settings>, more: Partial<SettingsStatus> = {}) => {
  status = { ...status, settings: { ...DEFAULT_SETTINGS, ...over }, changed: Object.keys(over), ...more }
}

beforeEach(() => {
  // jsdom has the element, but none of its methods.
  Object.assign(HTMLDialogElement.prototype, {
    showModal(this: HTMLDialogElement) {
      this.open = true
    },
    close(this: HTMLDialogElement) {
      this.open = false
    },
  })
  status = { settings: DEFAULT_SETTINGS, changed: [], problems: [], managed: [], locked: [], policy: 'none' }
  ask.mockImplementation(() => Promise.resolve(status))
  loadOptionsPage()
  settingsTools(
    {
      tools: byId('settings-tools', HTMLElement),
      notice: byId('settings-notice', HTMLElement),
      dialog: byId('settings-dialog', HTMLDialogElement),
    },
    { ask: ask as unknown as Ask, version: '1.2.3', saveFile, show },
  )
})
afterEach(() => {
  for (const mock of [ask, saveFile, show]) mock.mockReset()
})

test('an export contains all settings in force, except for secrets', async () => {
  inForce({ mode: 'observe', otlpHeaders: ['X-Key=s3cret'], agentHashKey: 's3cret' })
  await press('settings-export')
  const [name, content] = saveFile.mock.calls[0] ?? []
  expect(name).toMatch(/^signoff-settings-\d{4}-\d\d-\d\d\.json$/)
  expect(content?.type).toBe('application/json')
  const file = await textOf(content ?? new Blob())
  expect(file).not.toContain('s3cret')
  const shown = Object.fromEntries(Object.entries(DEFAULT_SETTINGS).filter(([key]) => !isSecret(key as SettingKey)))
  expect(JSON.parse(file)).toMatchObject({
    format: 'signoff-settings',
    formatVersion: 1,
    extensionVersion: '1.2.3',
    settings: { ...shown, mode: 'observe' },
  })
  expect(told()).toBe(`Saved as ${name ?? ''} where this browser saves downloads.`)
})

test('an import first shows what would change, what is refused and why, and what is locked', async () => {
  inForce({}, { locked: ['holdMs'], managed: ['holdMs'] })
  await choose(fileWith({ mode: 'observe', retentionDays: 0, colour: 'red', holdMs: 5, notify: true }))
  expect(dialog().open).toBe(true)
  expect(dialog().querySelector('h3')?.textContent).toBe('Import the settings in pilot.json?')
  expect([...dialog().querySelectorAll('dt')].map(({ textContent }) => textContent)).toEqual(['When a CCP closes'])
  expect(dialog().querySelector('del')?.textContent).toBe('Set the agent Offline')
  expect(dialog().querySelector('ins')?.textContent).toBe('Observe only')
  expect([...dialog().querySelectorAll('li')].map(({ textContent }) => textContent)).toEqual([
    '“retentionDays” is 0 in the file. Allowed: 1..3650.',
    '“colour” is not a setting of this version.',
    'Maximum delay when the last window closes: stays 1,000 ms. The file has 5 ms.',
  ])
  expect(ask.mock.calls.map(([type]) => type)).toEqual(['get_settings'])

  button('Change 1 setting')?.click()
  await settled()
  expect(ask).toHaveBeenLastCalledWith('set_settings', { values: { mode: 'observe' } })
  expect(show).toHaveBeenCalledWith(status)
  expect(dialog().open).toBe(false)
  expect(told()).toBe('The settings in pilot.json were imported.')
})

test('a cancelled import changes nothing', async () => {
  await choose(fileWith({ mode: 'off' }))
  button('Cancel')?.click()
  expect(dialog().open).toBe(false)
  expect(ask.mock.calls.map(([type]) => type)).toEqual(['get_settings'])
})

test('an import without differences offers no change', async () => {
  await choose(fileWith({ mode: 'act' }))
  expect(dialog().textContent).toContain('Nothing would change')
  expect([...dialog().querySelectorAll('button')].map(({ textContent }) => textContent)).toEqual(['Close'])
})

test('an import that the background refuses shows that in the dialog', async () => {
  await choose(fileWith({ mode: 'off' }))
  ask.mockRejectedValueOnce(new Error('mode is managed by your organization.'))
  button('Change 1 setting')?.click()
  await settled()
  expect(dialog().open).toBe(true)
  expect(dialog().querySelector('[role=alert]')?.textContent).toBe('Not saved. mode is managed by your organization.')
  expect(show).not.toHaveBeenCalled()
})

test.each([
  ['not JSON', 'mode: act', 8, 'it is not JSON'],
  ['JSON of another kind', '{}', 2, 'is not a file of Signoff settings'],
  ['far too long', '{}', 2 ** 21, 'is not a file of Signoff settings'],
  [
    'of a later format',
    '{"format":"signoff-settings","formatVersion":9,"settings":{}}',
    60,
    'later version of Signoff',
  ],
])('a file that is %s is reported, and nothing changes', async (_what, text, size, words) => {
  await choose(text, 'notes.txt', size)
  expect(told()).toContain(`notes.txt`)
  expect(told()).toContain(words)
  expect(dialog().open).toBe(false)
  expect(ask).not.toHaveBeenCalled()
})

test('a reset shows what would change, and asks', async () => {
  inForce({ mode: 'off', retentionDays: 30 })
  await press('settings-reset')
  expect([...dialog().querySelectorAll('dt')].map(({ textContent }) => textContent)).toEqual([
    'When a CCP closes',
    'Keep log entries for',
  ])
  button('Change 2 settings')?.click()
  await settled()
  expect(ask).toHaveBeenLastCalledWith('reset_settings')
  expect(told()).toBe('All settings that you can change are back to their defaults.')
})

test('a reset without other changes removes stored values that are not in force', async () => {
  inForce({}, { problems: [{ source: 'user', key: 'colour', value: 'red', allowed: null }] })
  await press('settings-reset')
  expect(ask).toHaveBeenLastCalledWith('reset_settings')
})
