/** @jest-environment jsdom */
import { DEFAULT_SETTINGS, SETTING_KEYS } from '../../../src/domain/settings'
import type { InventorySection } from '../../../src/options/inventory/inventory-section'
import { inventorySection } from '../../../src/options/inventory/inventory-section'
import type { SettingsStatus } from '../../../src/protocol/ui-messages'
import type { DataInventory } from '../../../src/storage/data-inventory'
import type { Ask } from '../../../src/ui/ask'
import { byId } from '../../../src/ui/dom'
import { NOW } from '../ui/samples'
import { loadOptionsPage } from './page'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

let kept: DataInventory
let status: SettingsStatus
let section: InventorySection
const ask = jest.fn<Promise<unknown>, [string]>()
const read = jest.fn<Promise<DataInventory>, []>()
const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

const dialog = () => byId('kept-dialog', HTMLDialogElement)
const button = () => document.querySelector<HTMLButtonElement>('#kept-delete')
/** The text beside a label of a card. */
const beside = (card: string, label: string) => {
  const labels = [...document.querySelectorAll(`[aria-labelledby="kept-${card}"] dt`)]
  return labels.find(({ textContent }) => textContent === label)?.nextElementSibling?.textContent
}
const answer = (name: string) =>
  [...dialog().querySelectorAll('button')].find(({ textContent }) => textContent === name)?.click()

beforeEach(() => {
  Object.assign(HTMLDialogElement.prototype, {
    showModal(this: HTMLDialogElement) {
      this.open = true
    },
    close(this: HTMLDialogElement) {
      this.open = false
      this.dispatchEvent(new Event('close'))
    },
  })
  kept = {
    log: { count: 212, oldest: NOW, bytes: 1_240_000 },
    openCcps: { documents: 2, bytes: 3_200 },
    flags: 3,
    rest: { bytes: 120 },
    settings: { bytes: 0 },
    tokens: 0,
    outbox: { waiting: 0 },
  }
  status = { settings: DEFAULT_SETTINGS, changed: [], problems: [], managed: [], locked: [], policy: 'none' }
  ask.mockImplementation((type) => {
    if (type === 'clear_log') kept = { ...kept, log: { count: 0, oldest: null, bytes: 0 } }
    return Promise.resolve(type === 'get_settings' ? status : null)
  })
  read.mockImplementation(() => Promise.resolve(kept))
  loadOptionsPage()
  section = inventorySection({ view: byId('kept-view', HTMLElement), dialog: dialog() }, ask as unknown as Ask, read)
})
afterEach(() => {
  for (const mock of [ask, read]) mock.mockReset()
})

async function show(): Promise<void> {
  section.show(true)
  await settle()
}

test('shows what is stored, for how long, and who receives it, with current figures', async () => {
  status = { ...status, settings: { ...DEFAULT_SETTINGS, retentionDays: 30 } }
  await show()
  expect(beside('log', 'Now')).toMatch(/^212 entries, the oldest from 22 Nov 2026, .*, about 1\.2 MB$/)
  expect(beside('log', 'For how long')).toBe('At most 20,000 entries · 30 days. Older entries are deleted')
  expect(beside('log', 'Sent to')).toBe('Nobody')
  expect(beside('open', 'Now')).toBe('2 pages, 3.2 kB')
  expect(beside('flags', 'Now')).toBe('3 agents')
  expect(beside('flags', 'Sent to')).toBe('Nobody')
  expect(beside('rest', 'Now')).toBe('0.1 kB')
  expect(beside('settings', 'Now')).toBe('nothing')
  expect(beside('tokens', 'Now')).toBe('0 keys')
  expect(beside('tokens', 'Sent to')).toContain('and nobody else')
  expect(beside('sent', 'Sent to')).toContain('and nobody else')
})

test('the log is deleted after a confirmation, and the focus is not lost', async () => {
  await show()
  button()?.click()
  expect(dialog().open).toBe(true)
  answer('Keep the log')
  expect(dialog().open).toBe(false)
  expect(ask).not.toHaveBeenCalledWith('clear_log')
  expect(document.activeElement).toBe(button())

  button()?.click()
  dialog().focus()
  answer('Delete all entries')
  await settle()
  expect(ask).toHaveBeenCalledWith('clear_log')
  expect(dialog().open).toBe(false)
  expect(document.querySelector('#kept-view [role=status]')?.textContent).toBe('The log was deleted.')
  expect(beside('log', 'Now')).toBe('0 entries')
  expect(button()?.getAttribute('aria-disabled')).toBe('true')
  expect(document.activeElement).toBe(button())
  button()?.click()
  expect(dialog().open).toBe(false)
})

test('a refusal by the background is shown in the dialog', async () => {
  await show()
  button()?.click()
  ask.mockRejectedValueOnce(new Error('Your organization keeps this log.'))
  answer('Delete all entries')
  await settle()
  expect(dialog().open).toBe(true)
  expect(dialog().querySelector('[role=alert]')?.textContent).toBe('Your organization keeps this log.')
})

test('a log that belongs to the organization cannot be deleted, and the page says why', async () => {
  status = { ...status, managed: ['retentionDays'], locked: SETTING_KEYS, policy: 'delivered' }
  await show()
  expect(button()).toBeNull()
  expect(document.querySelector('#kept-view .lock')?.textContent).toContain(
    'Only your administrator can delete this log.',
  )
  expect(beside('log', 'For how long')).toContain('Your organization says how long')
})

test('reads nothing while another section is shown', async () => {
  await section.refresh()
  expect(read).not.toHaveBeenCalled()
  expect(ask).not.toHaveBeenCalled()
})

test('stores that cannot be read are reported, and can be read again', async () => {
  read.mockRejectedValueOnce(new Error('The profile is damaged.'))
  await show()
  expect(document.querySelector('#kept-view [role=alert]')?.textContent).toContain('The profile is damaged.')
  document.querySelector<HTMLButtonElement>('#kept-view [role=alert] button')?.click()
  await settle()
  expect(beside('log', 'Sent to')).toBe('Nobody')
})
