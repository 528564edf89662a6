import { all, read } from './documents'
import messages from '../../../_locales/en/messages.json'

/** What the documents quote of browsers and of their administration. */
const OTHERS = [
  'Extension management settings',
  'ExtensionSettings',
  'Force install',
  'Load Temporary Add-on',
  'Load unpacked',
  'Policy for extensions',
  'Reload policies',
]

const plain = (text: string): string => text.replaceAll('’', "'").replace(/\s+/g, ' ').toLowerCase()

/** All that the extension says, as it is said of the state that a close sets. */
const SAID = Object.values(messages).map(({ message }) => plain(message.replaceAll('$STATE$', 'Offline')))

/** What a document quotes, without what is code. */
const quotesIn = (text: string): string[] =>
  all(text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`]*`/g, ''), /"([^"]+)"/g)

it.each(['docs/administrator-guide.md', 'docs/limits.md', 'docs/privacy.md'])(
  '%s quotes the extension as it speaks',
  (path) => {
    const quotes = quotesIn(read(path)).filter((quote) => !OTHERS.includes(quote))
    expect(quotes.length).toBeGreaterThan(0)
    expect(quotes.filter((quote) => !SAID.some((said) => said.includes(plain(quote))))).toEqual([])
  },
)
