/** Where telemetry goes: the addresses, headers and attributes that a policy may name. */
import { parsedUrl } from '../parsed-url'

/** The computer itself, where an organization's collector may listen as an agent. */
const LOCAL = new Set(['localhost', '127.0.0.1'])

/** Whether an address may take telemetry: `https`, or `http` of this computer; no name or password in it. Empty: none does. */
export function isEndpoint(text: string): boolean {
  if (text === '') return true
  const url = parsedUrl(text)
  if (url === null) return false
  const { protocol, hostname, username, password, hash } = url
  if (username !== '' || password !== '' || hash !== '' || !isHost(hostname)) return false
  return protocol === 'https:' || (protocol === 'http:' && LOCAL.has(hostname))
}

/**
 * Whether it is the name or the number of one host. URLs allow more in a name, `*` among it: in a match pattern that would ask
 * for access to every site.
 */
function isHost(hostname: string): boolean {
  return /^\[[\da-f:.]+\]$/.test(hostname) || /^(?!.*\.\.)[a-z\d_](?:[a-z\d_.-]*[a-z\d_.])?$/.test(hostname)
}

/** The match pattern of an address's host, for which the browser is asked for access: patterns have no ports. */
export function patternOf(endpoint: string): string {
  const { protocol, hostname } = new URL(endpoint)
  return `${protocol}//${hostname}/*`
}

/** What the browser sets itself, or the exporter. */
const NOT_OURS = /^(content-.*|host|connection|transfer-encoding|cookie|origin|referer)$/i

/** Whether an item is `Name=value` of a header: as in OTEL_EXPORTER_OTLP_HEADERS, but not encoded, and one header per item. */
export function isHeader(item: string): boolean {
  const [name, value] = pairOf(item)
  return /^[!#$%&'*+.^_`|~\w-]+$/.test(name) && /^[\x20-\x7e]+$/.test(value) && !NOT_OURS.test(name)
}

/** Whether an item is `key=value` of a resource attribute. The extension's own attributes cannot be overridden. */
export function isAttribute(item: string): boolean {
  const [key, value] = pairOf(item)
  return /^[a-z][\w.-]*$/i.test(key) && value.trim() !== '' && !/^service\.(name|version|instance\.id)$/.test(key)
}

/** Name and value, at the first equals sign; without one, the value is empty. */
export function pairOf(item: string): readonly [string, string] {
  const at = item.indexOf('=')
  return at < 0 ? [item, ''] : [item.slice(0, at).trim(), item.slice(at + 1).trim()]
}
