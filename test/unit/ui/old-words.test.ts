/**
 * Wordings that were replaced because agents or administrators stumbled over them; none may come back in any message.
 */
import messages from '../../../_locales/en/messages.json'

const OLD = [
  'will look after the close',
  'before Signoff came',
  'Nothing will be done',
  'takes contacts',
  'takes no contacts',
  'when your contact has ended',
  'you cannot be set',
  'Set me',
  'Waiting for this CCP to be ready',
  'Otherwise it would set you',
  'it never offered',
  'which is best done between contacts',
  'cannot become Available at once',
  'never known',
  'Check your status in Connect',
  'You could not be set',
  'has taken the place of',
  'of yours is gone',
  'is left as it is: set yourself',
  'You began to close this page',
  'Set yourself ready',
  'Close all the same',
  'so that no caller rings',
  'Nobody is known to be left',
  'This is the list of this browser alone',
  'own word makes it',
  'Nothing was to be done',
  'left nobody.',
  'and nothing could have been done',
  'What a close can rely on',
  'Nothing here is assumed',
  "Dead man's switch",
  'could not be told from others',
  'Change nothing',
  'What is kept',
  'Notes of our own',
  'what closes came to',
  'Paths and holds',
  'Who is away is not looked for',
  'Hold a closing page',
  'When only a CCP can still help',
  'unasked',
  'Kinds of pages',
  'Time for a reload',
  'Key of the hash',
  'is no close',
  'can be told from a close',
  'then the same',
  'and of nobody',
  'It would have set',
] as const

const EXACTLY: readonly string[] = [
  'Not seen',
  'Nobody there',
  'Available with nobody there',
  'Keep at most',
  'Encoding',
  'Headers',
  'Instances',
]

const plain = (text: string): string => text.replaceAll('’', "'")
const texts = Object.entries(messages).map(([key, { message }]) => [key, plain(message)] as const)

test.each(OLD)('no message says “%s”', (old) => {
  expect(texts.filter(([, message]) => message.toLowerCase().includes(old.toLowerCase()))).toEqual([])
})

test('no message is one of the bare words that were unclear without their section', () => {
  expect(texts.filter(([, message]) => EXACTLY.includes(message))).toEqual([])
})

test('messages say status, never state', () => {
  expect(texts.filter(([, message]) => /\bstates?\b/i.test(message))).toEqual([])
})
