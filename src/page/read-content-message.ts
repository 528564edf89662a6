import { AGENT_STATE_TYPES } from '../domain/agent'
import { OFFLINE_WHILE_OPEN } from '../domain/close-report'
import type { ContentMessage } from '../protocol/content-messages'
import type { PageConfig } from '../protocol/page-config'
import { natives } from './natives'
import { isTime } from './read-agent'
import { bag } from './streams'

/**
 * Checks messages of the content script, as `contentMessageSchema` does (a test holds the two equal). By hand: the schema library
 * would be a fifth of all that a CCP has to load.
 */

type Check = (value: unknown) => boolean

const isBoolean: Check = (value) => typeof value === 'boolean'
const isNumber: Check = (value) => typeof value === 'number' && value === value
const isText: Check = (value) => typeof value === 'string' && value.length <= 1024
const isId: Check = (value) => typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value)
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    words.includes(value as string)
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check)
/** An object with these parts and some of the optional ones, and no others. */
const object =
  (parts: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
    const given = bag(value)
    const names = Object.keys(parts)
    const others = Object.keys(given).filter((name) => !Object.hasOwn(parts, name))
    return (
      names.every((name) => Object.hasOwn(given, name) && parts[name]?.(given[name])) &&
      others.every((name) => Object.hasOwn(optional, name) && optional[name]?.(given[name]))
    )
  }

const isState = object(
  { name: isText, type: oneOf(...AGENT_STATE_TYPES), arn: orNull(isText), startTimestamp: orNull(isTime) },
  { notBefore: isTime, availability: object({ name: isText, since: orNull(isTime) }) },
)
const GUARDED_CLOSE = { closeId: isId, username: isText, count: isNumber, until: isTime }

const CONFIG: Readonly<Record<keyof PageConfig, Check>> = {
  mode: oneOf('act', 'observe', 'off'),
  excluded: orNull(oneOf('instance_excluded', 'surface_excluded')),
  routingProfiles: listOf(isText),
  fromStates: listOf(isText),
  onContact: oneOf('after', 'warn', 'leave'),
  deskPhone: oneOf('act', 'leave'),
  reload: oneOf('recognised', 'keep', 'offline'),
  targetState: isText,
  enqueue: isBoolean,
  directPath: isBoolean,
  renewToken: isBoolean,
  lendToken: isBoolean,
  holdMs: isNumber,
  deadMansSwitch: isBoolean,
  leaveDialog: oneOf('never', 'on_contact', 'routable'),
  lastWindow: isBoolean,
  otherCcps: listOf(isId),
  guardedCloses: listOf(object(GUARDED_CLOSE)),
  statusRestore: orNull(object({ ...GUARDED_CLOSE, state: isState })),
}

const MESSAGES: Readonly<Record<ContentMessage['type'], Check>> = {
  configure: object({ type: isText, config: object(CONFIG) }),
  alive: object({ type: isText }),
  leave_choice: object({ type: isText, choice: oneOf('try_again', 'close', 'stay') }),
  staying: object({ type: isText, closeId: isId }),
  recover: object({ type: isText, closeId: isId }),
  set_offline: object({ type: isText, kind: oneOf(...OFFLINE_WHILE_OPEN) }),
  detach: object({ type: isText }),
}

/** @returns null for what is no message of the content script. Throws where the text is no JSON. */
export function readContentMessage(text: string): ContentMessage | null {
  const message = natives.parse(text)
  const { type } = bag(message)
  if (typeof type !== 'string' || !Object.hasOwn(MESSAGES, type)) return null
  return MESSAGES[type as ContentMessage['type']](message) ? (message as ContentMessage) : null
}
