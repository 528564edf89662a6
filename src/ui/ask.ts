import { browser } from '../platform/browser'
import type { UiAnswer, UiRequest, UiResponses } from '../protocol/ui-messages'
import { t } from './i18n'

type Params<T extends UiRequest['type']> = Omit<Extract<UiRequest, { type: T }>, 'kind' | 'type'>
type Args<T extends UiRequest['type']> = keyof Params<T> extends never ? [] : [params: Params<T>]

/** Asks the background. Rejects with an error whose message can be shown to people. */
export type Ask = <T extends UiRequest['type']>(type: T, ...args: Args<T>) => Promise<UiResponses[T]>

export const ask: Ask = async <T extends UiRequest['type']>(type: T, ...args: Args<T>) => {
  let answer: UiAnswer<UiResponses[T]> | undefined
  try {
    answer = await browser.runtime.sendMessage({ kind: 'ui', type, ...args[0] })
  } catch (error) {
    throw new Error(t('errorBackground', errorText(error)), { cause: error })
  }
  if (answer === undefined) throw new Error(t('errorBackground', t('errorNoAnswer')))
  if (!answer.ok) throw new Error(t('errorBackground', answer.error))
  return answer.value
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
