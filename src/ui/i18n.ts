import { browser } from '../platform/browser'
import type { MessageKey } from '../platform/text'

export type { MessageKey } from '../platform/text'
type CountedKey<K = MessageKey> = K extends `${infer Base}_other` ? Base : never

/** Texts without values, as the browser gave them: a log asks for some of them a hundred thousand times. */
const texts = new Map<MessageKey, string>()

/** The text of a key in the user's language; the key itself where the catalogue lacks it, so that a gap is seen. */
export function t(key: MessageKey, ...values: string[]): string {
  if (values.length > 0) return browser.i18n.getMessage(key, values) || key
  const known = texts.get(key)
  if (known !== undefined) return known
  const text = browser.i18n.getMessage(key) || key
  texts.set(key, text)
  return text
}

/** The text of a key that is composed at run time; null without such a text. */
export function textIfAny(key: string): string | null {
  return browser.i18n.getMessage(key) || null
}

/** The text for a number of things: `key_one`, `key_other`..., as the language's own plural rules say. */
export function tCount(key: CountedKey, count: number, shown: string): string {
  const category = new Intl.PluralRules(locale()).select(count)
  return browser.i18n.getMessage(`${key}_${category}`, [shown]) || t(`${key}_other`, shown)
}

/**
 * The locale for dates and numbers: the browser's where it is a variety of the language of our texts, e.g. en-GB;
 * otherwise that language, so that no page mixes two.
 */
export function locale(): string {
  const ours = t('langTag')
  const browsers = browser.i18n.getUILanguage()
  return browsers.split('-')[0] === ours.split('-')[0] ? browsers : ours
}

/**
 * Fills a page: `data-i18n="key"` gives an element its text, `data-i18n-attr="name:key name:key"` its attributes;
 * the document learns its language and direction.
 */
export function localise(page: Document): void {
  page.documentElement.lang = t('langTag')
  page.documentElement.dir = t('textDirection')
  for (const element of page.querySelectorAll<HTMLElement>('[data-i18n]')) {
    element.textContent = t(element.dataset['i18n'] as MessageKey)
  }
  for (const element of page.querySelectorAll<HTMLElement>('[data-i18n-attr]')) {
    for (const pair of (element.dataset['i18nAttr'] ?? '').split(' ')) {
      const [name = '', key = ''] = pair.split(':')
      element.setAttribute(name, t(key as MessageKey))
    }
  }
}
