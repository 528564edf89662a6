/** Stands in for src/platform/browser: the real English texts, and nothing behind the rest. */
import messages from '../../../_locales/en/messages.json'

interface Message {
  readonly message: string
  readonly placeholders?: Readonly<Record<string, { readonly content: string }>>
}
const CATALOGUE: Readonly<Record<string, Message>> = messages

/** As in browsers: `$NAME$` is the placeholder's content, and `$1` in it the first value. */
function getMessage(key: string, values: readonly string[] = []): string {
  const found = CATALOGUE[key]
  if (found === undefined) return ''
  return found.message.replace(/\$(\w+)\$/g, (_, name: string) => {
    const content = found.placeholders?.[name.toLowerCase()]?.content ?? ''
    return content.replace(/\$(\d)/g, (_whole, index: string) => values[Number(index) - 1] ?? '')
  })
}

type ChangeListener = (changes: Record<string, unknown>, area: string) => void
export const changeListeners: ChangeListener[] = []
/** Listeners for permissions that were granted or withdrawn. */
export const hostListeners: (() => void)[] = []

export const browser = {
  i18n: { getMessage, getUILanguage: jest.fn(() => 'en-GB') },
  runtime: {
    sendMessage: jest.fn((): Promise<unknown> => Promise.resolve(undefined)),
    getManifest: () => ({ host_permissions: ['https://*.my.connect.aws/*'] }),
  },
  permissions: {
    request: jest.fn((): Promise<boolean> => Promise.resolve(true)),
    contains: jest.fn((): Promise<boolean> => Promise.resolve(true)),
    onAdded: { addListener: (listener: () => void) => hostListeners.push(listener) },
    onRemoved: { addListener: (listener: () => void) => hostListeners.push(listener) },
  },
  action: { getUserSettings: jest.fn((): Promise<object> => Promise.resolve({ isOnToolbar: false })) },
  tabs: { create: jest.fn((): Promise<void> => Promise.resolve()) },
  storage: { onChanged: { addListener: (listener: ChangeListener) => changeListeners.push(listener) } },
}
