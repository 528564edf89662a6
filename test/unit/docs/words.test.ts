import { all, read } from './documents'
import messages from '../../../_locales/en/messages.json'

/** Texts of browsers and their administration that the documents quote. */
const OTHERS = [
  'Amazon Connect Customer',
  'Extension management settings',
  'ExtensionSettings',
  'From a custom URL',
  'Force install + pin',
  'Import ADMX',
  'Imported Administrative templates',
  'Load Temporary Add-on',
  'Load unpacked',
  'Policy for extensions',
  'Reload policies',
]

const plain = (text: string): string => text.replaceAll('’', "'").replace(/\s+/g, ' ').toLowerCase()

/** All texts of the extension, with Offline as the status that a close sets. */
const SAID = Object.values(messages).map(({ message }) => plain(message.replaceAll('$STATUS$', 'Offline')))

/** The quotations of a document, without code. */
const quotesIn = (text: string): string[] =>
  all(text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`]*`/g, ''), /"([^"]+)"/g)

it.each([
  'docs/administrator-guide.md',
  'docs/limits.md',
  'docs/privacy.md',
  'docs/quick-start.md',
  'docs/settings.md',
  'docs/troubleshooting.md',
  'docs/works-council.md',
])('%s quotes the extension’s texts correctly', (path) => {
  const quotes = quotesIn(read(path)).filter((quote) => !OTHERS.includes(quote.replace(/\s+/g, ' ')))
  expect(quotes.length).toBeGreaterThan(0)
  expect(quotes.filter((quote) => !SAID.some((said) => said.includes(plain(quote))))).toEqual([])
})
