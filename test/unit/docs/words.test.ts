import { all, read } from './documents'
import messages from '../../../_locales/en/messages.json'

/** What the documents quote of browsers and of their administration. */
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

/** All that the extension says, as it is said of the status that a close sets. */
const SAID = Object.values(messages).map(({ message }) => plain(message.replaceAll('$STATUS$', 'Offline')))

/** What a document quotes, without what is code. */
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
])('%s quotes the extension as it speaks', (path) => {
  const quotes = quotesIn(read(path)).filter((quote) => !OTHERS.includes(quote.replace(/\s+/g, ' ')))
  expect(quotes.length).toBeGreaterThan(0)
  expect(quotes.filter((quote) => !SAID.some((said) => said.includes(plain(quote))))).toEqual([])
})
