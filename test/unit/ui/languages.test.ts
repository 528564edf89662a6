import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import english from '../../../_locales/en/messages.json'

type Catalogue = Readonly<
  Record<string, { message: string; placeholders?: Readonly<Record<string, { content: string }>> }>
>

const FOLDER = join(__dirname, '../../../_locales')
const ENGLISH: Catalogue = english
const LANGUAGES = ['de', 'es', 'fr', 'ja', 'pt_BR']

const read = (language: string): Catalogue =>
  JSON.parse(readFileSync(join(FOLDER, language, 'messages.json'), 'utf8')) as Catalogue
/** The placeholders of a text, whatever their number and order. */
const shown = (message: string): string[] =>
  [...new Set([...message.matchAll(/\$(\w+)\$/g)].map(([, name = '']) => name.toLowerCase()))].sort()

test('the languages are those that the extension promises', () => {
  expect(readdirSync(FOLDER).sort()).toEqual([...LANGUAGES, 'en'].sort())
})

describe.each(LANGUAGES)('%s', (language) => {
  const catalogue = read(language)

  test('has every text, and no others', () => {
    const keys = Object.keys(catalogue)
    expect(Object.keys(ENGLISH).filter((key) => !keys.includes(key))).toEqual([])
    expect(keys.filter((key) => !(key in ENGLISH))).toEqual([])
  })

  test('has the same placeholders in each text', () => {
    const wrong = Object.entries(catalogue).filter(([key, { message, placeholders = {} }]) => {
      const original = ENGLISH[key]
      const isWhole = shown(message).join() === shown(original?.message ?? '').join()
      return !isWhole || JSON.stringify(placeholders) !== JSON.stringify(contents(original?.placeholders))
    })
    expect(wrong.map(([key]) => key)).toEqual([])
  })

  test('is translated', () => {
    const words = (text: string): number => text.replace(/\$\w+\$/g, '').split(/\s+/).length
    const left = Object.entries(catalogue).filter(
      ([key, { message }]) =>
        message.trim() === '' || (key !== 'extName' && words(message) >= 4 && message === ENGLISH[key]?.message),
    )
    expect(left.map(([key]) => key)).toEqual([])
  })

  test('names its language, and fits the stores', () => {
    expect(catalogue['langTag']?.message).toBe(language.replace('_', '-'))
    expect(Intl.getCanonicalLocales(catalogue['langTag']?.message)).toHaveLength(1)
    expect(catalogue['textDirection']?.message).toBe('ltr')
    expect(catalogue['extName']?.message).toBe(ENGLISH['extName']?.message)
    expect(catalogue['extDescription']?.message.length).toBeLessThanOrEqual(132)
  })
})

/** The placeholders that a translation must have: examples are for translators, and only in the English one. */
function contents(placeholders: Catalogue[string]['placeholders'] = {}): object {
  return Object.fromEntries(Object.entries(placeholders).map(([name, { content }]) => [name, { content }]))
}
