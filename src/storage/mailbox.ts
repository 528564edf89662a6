import * as v from 'valibot'
import type { DocumentMessage } from '../protocol/document-messages'
import { documentMessageSchema, MAIL } from '../protocol/document-messages'
import { browser } from '../platform/browser'

export interface Mail {
  readonly keys: readonly string[]
  /** In the order in which each document wrote them. */
  readonly messages: readonly DocumentMessage[]
  /** The keys of what was no message at all. */
  readonly unreadable: readonly string[]
}

/** Whether a key of `storage.local` holds mail. */
export function isMailKey(key: string): boolean {
  return key.startsWith(MAIL)
}

/** Whether a change of `storage.local` brought mail. */
export function isMail(changes: Readonly<Record<string, { newValue?: unknown }>>): boolean {
  return Object.entries(changes).some(([key, change]) => key.startsWith(MAIL) && change.newValue !== undefined)
}

/** Reads the mail. It stays in the box until `discard`: the worker may die before it has been understood. */
export async function readMail(): Promise<Mail> {
  const everything = await browser.storage.local.get(null)
  const keys = Object.keys(everything)
    .filter((key) => key.startsWith(MAIL))
    .sort()
  const messages: DocumentMessage[] = []
  const unreadable: string[] = []
  for (const key of keys) {
    const parsed = v.safeParse(documentMessageSchema, everything[key])
    if (parsed.success) messages.push(parsed.output)
    else unreadable.push(key)
  }
  messages.sort((a, b) => a.at - b.at || a.seq - b.seq)
  return { keys, messages, unreadable }
}

export async function discardMail(mail: Mail): Promise<void> {
  if (mail.keys.length > 0) await browser.storage.local.remove([...mail.keys])
}
