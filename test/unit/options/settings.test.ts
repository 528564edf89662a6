/** @jest-environment jsdom */
import { DEFAULT_SETTINGS, SETTING_KEYS } from '../../../src/domain/settings'
import type { SettingSpec } from '../../../src/domain/setting-spec'
import { SETTING_GROUPS } from '../../../src/options/settings/groups'
import { settingField } from '../../../src/options/settings/field'
import { settingsSection } from '../../../src/options/settings/settings-section'
import type { SettingsStatus } from '../../../src/protocol/ui-messages'
import type { Ask } from '../../../src/ui/ask'
import { byId } from '../../../src/ui/dom'
import { loadOptionsPage } from './page'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

let status: SettingsStatus
let load: () => Promise<void>
const asked = jest.fn<Promise<SettingsStatus>, [string, { key: string; value: unknown }?]>()
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

const input = (id: string) => byId(id, HTMLInputElement)
const errorOf = (key: string) => byId(`setting-${key}-error`, HTMLElement).textContent
function type(id: string, value: string, event: 'input' | 'change'): void {
  input(id).value = value
  input(id).dispatchEvent(new Event(event))
}

beforeEach(async () => {
  status = { settings: DEFAULT_SETTINGS, changed: [], problems: [], managed: [], locked: [], policy: 'none' }
  asked.mockImplementation((request, params) => {
    if (request === 'set_setting' && params) {
      const { key, value } = params
      const changed = status.changed.filter((each) => each !== key)
      const standard = DEFAULT_SETTINGS[key as keyof typeof DEFAULT_SETTINGS]
      status = {
        ...status,
        settings: { ...status.settings, [key]: value ?? standard },
        changed: value === null ? changed : [...changed, key],
        problems: [],
      }
    }
    return Promise.resolve(status)
  })
  loadOptionsPage()
  const tools = byId('settings-tools', HTMLElement)
  for (const id of ['settings-export', 'settings-import', 'settings-reset']) {
    tools.append(Object.assign(document.createElement('button'), { id }))
  }
  const section = settingsSection(
    {
      form: byId('settings-form', HTMLElement),
      intro: byId('settings-intro', HTMLElement),
      problems: byId('settings-problems', HTMLElement),
      tools,
    },
    asked as unknown as Ask,
  )
  load = () => section.load()
  await load()
})
afterEach(() => asked.mockReset())

test('every setting has its field, with the value in force', () => {
  expect(document.querySelectorAll('.field')).toHaveLength(SETTING_KEYS.length)
  expect(input('setting-mode-act').checked).toBe(true)
  expect(input('setting-notify').checked).toBe(true)
  expect(input('setting-retentionDays').value).toBe('90')
})

test('every control has its label', () => {
  for (const control of document.querySelectorAll<HTMLInputElement>('#settings-form .field :is(input, textarea)')) {
    expect(control.labels?.[0]?.textContent).toMatch(/\w/)
  }
})

test('every setting is in one group, with a heading and a sentence', () => {
  const keys = SETTING_GROUPS.flatMap((group) => group.keys)
  expect([...keys].sort()).toEqual([...SETTING_KEYS].sort())
  const groups = [...document.querySelectorAll('#settings-form > .group')]
  expect(groups.map((each) => each.querySelectorAll('.field').length)).toEqual(
    SETTING_GROUPS.map((each) => each.keys.length),
  )
  for (const group of groups) {
    const heading = document.getElementById(group.getAttribute('aria-labelledby') ?? '')
    expect(heading?.textContent).toMatch(/\w/)
    expect(group.querySelector('p')?.textContent).toMatch(/\w/)
  }
})

test('a list has one item per line, and is stored when it is complete', async () => {
  const area = byId('setting-fromStates', HTMLTextAreaElement)
  area.value = ' Available \n\nLunch\nAvailable'
  area.dispatchEvent(new Event('input'))
  await settled()
  expect(asked).not.toHaveBeenCalledWith('set_setting', expect.anything())
  area.dispatchEvent(new Event('change'))
  await settled()
  expect(asked).toHaveBeenCalledWith('set_setting', { key: 'fromStates', value: ['Available', 'Lunch'] })
  expect(area.value).toBe('Available\nLunch')
})

test('a value that is too long is refused with an explanation', () => {
  const area = byId('setting-instances', HTMLTextAreaElement)
  area.value = 'x'.repeat(257)
  area.dispatchEvent(new Event('input'))
  expect(errorOf('instances')).toBe('At most 10,000 lines, each of at most 256 characters.')
  expect(area.getAttribute('aria-invalid')).toBe('true')
  expect(area.getAttribute('aria-describedby')).toContain('setting-instances-error')
  type('setting-targetState', 'x'.repeat(257), 'input')
  expect(errorOf('targetState')).toBe('At most 256 characters.')
})

test('known items are checkboxes with a common name, stored at once in the table’s order', async () => {
  const group = input('setting-surfaces-v2').closest('fieldset')
  expect(group?.querySelector('legend')?.textContent).toBe('Only these pages')
  input('setting-surfaces-framed').click()
  await settled()
  input('setting-surfaces-v1').click()
  await settled()
  expect(asked).toHaveBeenLastCalledWith('set_setting', { key: 'surfaces', value: ['v1', 'framed'] })
  input('setting-surfaces-v1').click()
  await settled()
  input('setting-surfaces-framed').click()
  await settled()
  expect(asked).toHaveBeenLastCalledWith('set_setting', { key: 'surfaces', value: [] })
})

test('a list and checkboxes can be reset, and the focus stays with them', async () => {
  input('setting-surfaces-framed').click()
  await settled()
  const reset = document.querySelector<HTMLButtonElement>('#setting-surfaces-error ~ .link:last-child')
  expect(reset?.textContent).toBe('Reset to default: none chosen')
  reset?.focus()
  reset?.click()
  await settled()
  expect(asked).toHaveBeenLastCalledWith('set_setting', { key: 'surfaces', value: null })
  expect(input('setting-surfaces-framed').checked).toBe(false)
  expect(document.activeElement).toBe(input('setting-surfaces-v1'))
})

test('text being entered is not overwritten when another setting is stored', async () => {
  const area = byId('setting-fromStates', HTMLTextAreaElement)
  area.focus()
  area.value = 'Lun'
  area.dispatchEvent(new Event('input'))
  input('setting-notify').click()
  await settled()
  expect(area.value).toBe('Lun')
})

test('an invalid value stays while another setting is stored, and can be undone', async () => {
  type('setting-retentionDays', 'ninety', 'change')
  input('setting-notify').click()
  await settled()
  expect(input('setting-retentionDays').value).toBe('ninety')
  expect(errorOf('retentionDays')).toContain('Enter a whole number')
  const back = document.querySelector<HTMLButtonElement>('#setting-retentionDays-error + .link')
  expect(back?.hidden).toBe(false)
  expect(back?.textContent).toBe('Back to: 90 days')
  back?.focus()
  back?.click()
  expect(input('setting-retentionDays').value).toBe('90')
  expect(errorOf('retentionDays')).toBe('')
  expect(back?.hidden).toBe(true)
  expect(document.activeElement).toBe(input('setting-retentionDays'))
})

test('Escape undoes what was typed', () => {
  input('setting-holdMs').focus()
  type('setting-holdMs', '77', 'input')
  input('setting-holdMs').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
  expect(input('setting-holdMs').value).toBe('1000')
})

test('an error is not announced again with every key', () => {
  type('setting-retentionDays', 'n', 'input')
  const said = byId('setting-retentionDays-error', HTMLElement).firstChild
  type('setting-retentionDays', 'ni', 'input')
  expect(byId('setting-retentionDays-error', HTMLElement).firstChild).toBe(said)
})

test('a choice and a switch are stored at once', async () => {
  input('setting-mode-observe').click()
  input('setting-notify').click()
  await settled()
  expect(asked).toHaveBeenCalledWith('set_setting', { key: 'mode', value: 'observe' })
  expect(asked).toHaveBeenCalledWith('set_setting', { key: 'notify', value: false })
  expect(document.querySelector('#settings-form .saved')?.textContent).toBe('Saved')
})

test('a number is checked while it is typed, and stored when it is complete', async () => {
  type('setting-retentionDays', '3', 'input')
  await settled()
  expect(asked).not.toHaveBeenCalledWith('set_setting', expect.anything())
  type('setting-retentionDays', '365', 'change')
  await settled()
  expect(asked).toHaveBeenCalledWith('set_setting', { key: 'retentionDays', value: 365 })
})

test.each(['0', '3651', '1.5', 'ninety', ''])('%p is refused with the allowed values', async (value) => {
  type('setting-retentionDays', value, 'input')
  expect(errorOf('retentionDays')).toBe('Enter a whole number from 1 to 3,650.')
  expect(input('setting-retentionDays').getAttribute('aria-invalid')).toBe('true')
  type('setting-retentionDays', value, 'change')
  await settled()
  expect(asked).not.toHaveBeenCalledWith('set_setting', expect.anything())
  type('setting-retentionDays', '30', 'input')
  expect(errorOf('retentionDays')).toBe('')
  expect(input('setting-retentionDays').hasAttribute('aria-invalid')).toBe(false)
})

test('a changed setting can be reset, and its error disappears', async () => {
  const reset = () => document.querySelector<HTMLButtonElement>('#setting-retentionDays-error ~ .link:last-child')
  expect(reset()?.hidden).toBe(true)
  type('setting-retentionDays', '30', 'change')
  await settled()
  expect(reset()?.hidden).toBe(false)
  type('setting-retentionDays', '0', 'change')
  reset()?.focus()
  reset()?.click()
  await settled()
  expect(asked).toHaveBeenCalledWith('set_setting', { key: 'retentionDays', value: null })
  expect(input('setting-retentionDays').value).toBe('90')
  expect(errorOf('retentionDays')).toBe('')
  expect(document.activeElement).toBe(input('setting-retentionDays'))
})

test('a value that could not be stored is not shown as saved', async () => {
  asked.mockRejectedValueOnce(new Error('The store is full.'))
  input('setting-notify').click()
  await settled()
  expect(errorOf('notify')).toBe('Not saved. The store is full.')
  expect(document.querySelector('.saved')?.textContent).toBe('')
  expect(input('setting-notify').checked).toBe(true)
})

test('stored values that are not in force are listed with the allowed values', async () => {
  status = {
    ...status,
    problems: [
      { source: 'user', key: 'retentionDays', value: 0, allowed: '1..3650' },
      { source: 'user', key: 'colour', value: 'red', allowed: null },
    ],
  }
  await load()
  const [value, key] = document.querySelectorAll('#settings-problems li')
  expect(value?.textContent).toBe('“retentionDays” is stored as 0. Allowed: 1..3650. The default is in force.')
  expect(key?.textContent).toContain('“colour” is not a setting of this version')
})

describe('the search', () => {
  const search = (words: string) => {
    const field = input('settings-search')
    field.value = words
    field.dispatchEvent(new Event('input'))
  }
  const seen = () =>
    [...document.querySelectorAll<HTMLElement>('.field')].filter(
      (field) => field.closest('[hidden]:not(.section)') === null,
    ).length
  const folded = () => [...document.querySelectorAll('details')].filter(({ open }) => !open).length

  test('finds settings by words and keys, even in folded groups', () => {
    expect(folded()).toBe(3)
    search('opentelemetry COLLECTOR')
    expect(seen()).toBe(1)
    expect(folded()).toBe(0)
    search('holdMs')
    expect(seen()).toBe(1)
    search('no such thing')
    expect(document.querySelector('.finder [role=status]')?.textContent).toBe('No setting matches')
    search('')
    expect(seen()).toBe(SETTING_KEYS.length)
    expect(folded()).toBe(3)
  })

  test('jumps to a group, unfolds it if needed, and focuses its heading', () => {
    Element.prototype.scrollIntoView = jest.fn()
    const jumps = [...document.querySelectorAll<HTMLButtonElement>('.finder button')]
    expect(jumps).toHaveLength(document.querySelectorAll('.group').length)
    jumps.at(-1)?.click()
    expect(document.activeElement?.id).toBe('settings-watchdog')
    expect(folded()).toBe(2)
  })
})

describe('under a policy', () => {
  const inForce = (key: string) => byId(`setting-${key}-in-force`, HTMLElement)
  const controls = () => [...document.querySelectorAll<HTMLInputElement>('#settings-form .field :is(input, textarea)')]
  const isSeen = (element: HTMLElement) => element.closest('[hidden]:not(.section)') === null
  const heading = () => document.querySelector('#settings-problems h3')?.textContent
  const text = () => document.querySelector('#settings-problems')?.textContent

  test('settings that it sets are shown as locked text; the rest stays editable', async () => {
    status = {
      ...status,
      settings: { ...DEFAULT_SETTINGS, mode: 'observe' },
      managed: ['mode'],
      locked: ['mode'],
      policy: 'delivered',
    }
    await load()
    expect(inForce('mode').textContent).toBe('Observe only Locked')
    for (const mode of ['act', 'observe', 'off']) expect(isSeen(input(`setting-mode-${mode}`))).toBe(false)
    expect(heading()).toBe('Managed by your organization')
    expect(text()).toContain('Your organization decides some of these settings.')
    expect(isSeen(input('setting-notify'))).toBe(true)
    expect(inForce('notify').hidden).toBe(true)
  })

  test('that decides everything, nothing looks editable, and the page says so once', async () => {
    status = { ...status, managed: ['mode'], locked: SETTING_KEYS, changed: ['notify'], policy: 'delivered' }
    await load()
    expect(controls().filter(isSeen)).toEqual([])
    expect(inForce('notify').textContent).toBe('On')
    expect(text()).toContain('Your organization decides these settings.')
    expect(isSeen(byId('settings-intro', HTMLElement))).toBe(false)
    expect(document.body.textContent.match(/Managed by your organization|Locked/g)).toHaveLength(1)
    for (const link of document.querySelectorAll<HTMLElement>('.field .link')) expect(link.hidden).toBe(true)
    const tools = [...document.querySelectorAll<HTMLElement>('#settings-tools button')]
    expect(tools.filter(isSeen).map(({ id }) => id)).toEqual(['settings-export'])
  })

  test('that is withdrawn, everything is editable again', async () => {
    const open = status
    status = { ...status, managed: ['mode'], locked: SETTING_KEYS, policy: 'delivered' }
    await load()
    status = open
    await load()
    for (const control of controls()) {
      expect(control.disabled).toBe(false)
      expect(isSeen(control)).toBe(true)
    }
    expect(text()).toBe('')
  })

  test('that arrives while something is typed replaces it', async () => {
    type('setting-retentionDays', 'ninety', 'input')
    input('setting-retentionDays').focus()
    status = { ...status, managed: ['retentionDays'], locked: ['retentionDays'], policy: 'delivered' }
    await load()
    expect(input('setting-retentionDays').value).toBe('90')
    expect(errorOf('retentionDays')).toBe('')
  })

  test('invalid values are listed with the allowed values', async () => {
    const problems = [
      { source: 'policy', key: 'mode', value: 'ACT', allowed: 'act | observe | off' },
      { source: 'user', key: 'holdMs', value: -1, allowed: '0..5000' },
    ] as const
    status = { ...status, managed: ['mode'], locked: ['mode'], problems, policy: 'delivered' }
    await load()
    expect(text()).toContain('“mode” is set to "ACT" by policy. Allowed: act | observe | off.')
    expect(text()).toContain('“holdMs” is stored as -1.')
  })

  test('that is not delivered yet, the page says so', async () => {
    status = { ...status, locked: SETTING_KEYS, policy: 'waiting' }
    await load()
    expect(text()).toContain('The browser has not delivered your organization’s settings yet.')
  })
})

test('settings that cannot be read are reported, with a way to try again', async () => {
  byId('settings-form', HTMLElement).replaceChildren()
  asked.mockRejectedValueOnce(new Error('Signoff did not answer'))
  await load()
  expect(document.querySelector('#settings-form [role=alert]')?.textContent).toContain('Signoff did not answer')
  document.querySelector<HTMLButtonElement>('#settings-form button')?.click()
  await settled()
  expect(document.querySelectorAll('.field')).toHaveLength(SETTING_KEYS.length)
})

test.each<SettingSpec>([
  { kind: 'choice', default: 'a', choices: ['a', 'b'] },
  { kind: 'switch', default: false },
  { kind: 'number', default: 1, min: 1, max: 2 },
])('a setting without texts is shown by its key: %p', (spec) => {
  const field = settingField('somethingNew', spec, () => Promise.resolve())
  expect(field.element.textContent).toContain('somethingNew')
})
