/**
 * The ADMX template for Group Policy and its English texts (ADML), with every setting for each browser. Microsoft's
 * schema: https://learn.microsoft.com/previous-versions/windows/desktop/Policy/admx-schema
 */
import manifest from '../../manifest.json'
import type { SettingSpec } from '../../src/domain/setting-spec'
import { POLICY_SPECS } from '../../src/domain/policy'
import { SETTING_GROUPS } from '../../src/options/settings/groups'
import type { Placed, PolicyBrowser } from './browsers'
import { BROWSERS, settingsKey } from './browsers'
import { groupOf, messageOf, wordsOf } from './words'
import { element, escaped } from './xml'

const PRODUCT = 'Signoff for Amazon Connect'
const ROOT = {
  xmlns: 'http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions',
  revision: '1.0',
  schemaVersion: '1.0',
}
/** The oldest supported versions, from the manifest. */
const SUPPORTED = `Chrome ${manifest.minimum_chrome_version}, Edge ${manifest.minimum_chrome_version}, Firefox ${parseInt(manifest.browser_specific_settings.gecko.strict_min_version)}`
const HEADER = '<?xml version="1.0" encoding="utf-8"?>\n'
const ALL = Object.keys(BROWSERS) as PolicyBrowser[]

/** The name of the policy for a setting in a browser. Names must be unique within a template. */
export function policyName(browser: PolicyBrowser, key: string): string {
  return `${browser}_${key}`
}

/** The name of the category (a folder in the editor) for a group of settings of a browser. */
export function categoryName(browser: PolicyBrowser, group: string): string {
  return `${browser}_${group}`
}

/** Windows rejects a second template with the same namespace, so each browser's own template has its own. */
function namespaceOf(browsers: readonly PolicyBrowser[]): string {
  return ['CcpSignoff.Policies', ...(browsers.length === ALL.length ? [] : browsers)].join('.')
}

/** The text of the template (ADMX) for these browsers, in UTF-8. */
export function admx(placed: Placed, browsers = ALL): string {
  const supported = element('definition', { name: 'supported', displayName: '$(string.supported)' })
  return `${HEADER}${element(
    'policyDefinitions',
    ROOT,
    element('policyNamespaces', {}, element('target', { prefix: 'signoff', namespace: namespaceOf(browsers) })),
    element('resources', { minRequiredRevision: '1.0' }),
    element('supportedOn', {}, element('definitions', {}, supported)),
    element(
      'categories',
      {},
      element('category', { name: 'signoff', displayName: '$(string.signoff)' }),
      ...browsers.flatMap(foldersOf),
    ),
    element(
      'policies',
      {},
      ...browsers.flatMap((browser) =>
        Object.entries(POLICY_SPECS).map(([key, spec]) => policy(browser, key, spec, placed)),
      ),
    ),
  )}\n`
}

/** A browser's category, and within it one for each group of the options page. */
function foldersOf(browser: PolicyBrowser): string[] {
  const folder = (name: string, title: string, parent: string): string =>
    element('category', { name, displayName: `$(string.${title})` }, element('parentCategory', { ref: parent }))
  const groups = SETTING_GROUPS.map(({ id }) => folder(categoryName(browser, id), `group_${id}`, browser))
  return [folder(browser, browser, 'signoff'), ...groups]
}

function policy(browser: PolicyBrowser, key: string, spec: SettingSpec, placed: Placed): string {
  const registryKey = settingsKey(browser, placed)
  const group = groupOf(key)
  return element(
    'policy',
    {
      name: policyName(browser, key),
      class: 'Both',
      displayName: `$(string.${key})`,
      explainText: `$(string.${key}_explain)`,
      key: registryKey,
      ...(spec.kind === 'switch' ? { valueName: key } : { presentation: `$(presentation.${key})` }),
    },
    element('parentCategory', { ref: group === null ? browser : categoryName(browser, group.id) }),
    element('supportedOn', { ref: 'supported' }),
    ...valuesOf(key, spec, registryKey),
  )
}

function valuesOf(key: string, spec: SettingSpec, registryKey: string): string[] {
  const value = { id: key, valueName: key }
  switch (spec.kind) {
    case 'switch':
      return ['enabledValue', 'disabledValue'].map((name, index) =>
        element(name, {}, element('decimal', { value: String(1 - index) })),
      )
    case 'choice':
      return [element('elements', {}, element('enum', { ...value, required: 'true' }, ...spec.choices.map(item(key))))]
    case 'number': {
      const limits = { minValue: String(spec.min), maxValue: String(spec.max) }
      return [element('elements', {}, element('decimal', { ...value, ...limits, required: 'true' }))]
    }
    case 'text':
      return [element('elements', {}, element('text', value))]
    case 'list':
      // An empty prefix names the values 1, 2, 3; both Chromium and Firefox read such a key as a list.
      return [element('elements', {}, element('list', { id: key, key: `${registryKey}\\${key}`, valuePrefix: '' }))]
  }
}

const item = (key: string) => (choice: string) =>
  element('item', { displayName: `$(string.${key}_${choice})` }, element('value', {}, element('string', {}, choice)))

/** The English texts (ADML) of the template for these browsers. */
export function adml(browsers = ALL): string {
  const entries = Object.entries(POLICY_SPECS)
  return `${HEADER}${element(
    'policyDefinitionResources',
    ROOT,
    element('displayName', {}, PRODUCT),
    element('description', {}, `Settings of ${PRODUCT}.`),
    element(
      'resources',
      {},
      element(
        'stringTable',
        {},
        string('signoff', PRODUCT),
        string('supported', SUPPORTED),
        ...browsers.map((browser) => string(browser, BROWSERS[browser].name)),
        ...SETTING_GROUPS.map(({ id, title }) => string(`group_${id}`, messageOf(title))),
        ...entries.flatMap(([key]) => stringsOf(key)),
      ),
      element('presentationTable', {}, ...entries.flatMap(([key, spec]) => presentationOf(key, spec))),
    ),
  )}\n`
}

function string(id: string, text: string): string {
  return element('string', { id }, escaped(text).replaceAll('\n', '&#10;'))
}

function stringsOf(key: string): string[] {
  const { title, lines, choices } = wordsOf(key)
  return [
    string(key, title),
    // The editor shows line breaks.
    string(`${key}_explain`, lines.join('\n')),
    ...Object.entries(choices).map(([choice, name]) => string(`${key}_${choice}`, name)),
  ]
}

/** The field in which the value is entered. A switch has none: enabling or disabling the policy sets its value. */
function presentationOf(key: string, spec: SettingSpec): string[] {
  const label = escaped(wordsOf(key).title)
  const presentation = (...content: string[]): string[] => [element('presentation', { id: key }, ...content)]
  switch (spec.kind) {
    case 'switch':
      return []
    case 'choice': {
      const defaultItem = String(spec.choices.findIndex((choice) => choice === spec.default))
      return presentation(element('dropdownList', { refId: key, defaultItem, noSort: 'true' }, label))
    }
    case 'number':
      return presentation(element('decimalTextBox', { refId: key, defaultValue: String(spec.default) }, label))
    case 'text':
      return presentation(element('textBox', { refId: key }, element('label', {}, label)))
    case 'list':
      return presentation(element('listBox', { refId: key }, label))
  }
}
