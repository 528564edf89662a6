/**
 * Which names from a page may be kept: names of code and paths, but none that identifies a person or an organization.
 */
import type { FrameFinding } from './observations'
import { CONNECT_MEMBERS, CORE_MEMBERS } from './public-names'

const MAX_NAMES = 60
const OTHER = '[other]'

/** The parts of the agent's and the instance's names, in lower case, which nothing that is kept may contain. */
export function partsOf(names: readonly string[]): string[] {
  const parts = names.flatMap((name) => [name, ...name.split(/[^\p{L}\p{N}]+/u)])
  return [...new Set(parts.map((part) => part.toLowerCase()).filter((part) => part.length >= 3))]
}

/** The name, or `[other]` if it contains a hidden part. */
function kept(name: string, hidden: readonly string[]): string {
  const lower = name.toLowerCase()
  return hidden.some((part) => lower.includes(part)) ? OTHER : name
}

/** The names, each once, with `[other]` for those that contain a hidden part. */
export function keptNames(names: readonly string[], hidden: readonly string[]): string[] {
  return [...new Set(names.map((name) => kept(name, hidden)))].slice(0, MAX_NAMES)
}

/** The members of `connect` and `connect.core` that no public version of Streams has. */
export function unknownMembers(members: readonly string[], core: readonly string[]): string[] {
  return [
    ...members.filter((name) => !CONNECT_MEMBERS.has(name)),
    ...core.filter((name) => !CORE_MEMBERS.has(name)).map((name) => (name === OTHER ? name : `core.${name}`)),
  ]
}

/** A word of a path: letters and hyphens, with at most a version number at its end. */
const PATH_WORD = /^[a-z]+(-[a-z]+)*(-?v?\d{1,2})?$/

/** A document of a tab by its path, in which everything but ordinary words is replaced. */
export function frameOf(depth: number, pathname: string, hidden: readonly string[]): FrameFinding {
  const words = pathname.split('/').map((part) => (part === '' || PATH_WORD.test(part) ? kept(part, hidden) : OTHER))
  return { depth, path: words.join('/').slice(0, 120) }
}

/** By header: the tokens that are kept. Other tokens become `other`. */
const KNOWN_TOKENS: Readonly<Record<string, RegExp>> = {
  'cross-origin-opener-policy': /^[a-z-]+$/,
  'cross-origin-embedder-policy': /^[a-z-]+$/,
  'cross-origin-resource-policy': /^[a-z-]+$/,
  'cache-control': /^(no-store|no-cache|private|public|max-age|must-revalidate)/,
  'x-frame-options': /^(deny|sameorigin)$/i,
  'alt-svc': /^h3/,
}
/** Headers of which only the presence is noted. */
const PRESENT = [
  'strict-transport-security',
  'referrer-policy',
  'x-content-type-options',
  'origin-agent-cluster',
  'server-timing',
]

/**
 * The relevant headers of a page, each with kinds: directives,
 * features, known tokens, or its presence. Never whole values.
 */
export function headerKinds(headers: readonly (readonly [string, string])[]): Record<string, readonly string[]> {
  const kinds: Record<string, readonly string[]> = {}
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    const known = KNOWN_TOKENS[lower]
    if (lower.startsWith('content-security-policy')) kinds[lower] = directivesOf(value)
    else if (lower === 'permissions-policy') kinds[lower] = featuresOf(value)
    else if (known !== undefined) kinds[lower] = tokensOf(value, known)
    else if (PRESENT.includes(lower)) kinds[lower] = ['there']
  }
  return kinds
}

function directivesOf(value: string): string[] {
  const names = value.split(';').map((directive) => directive.trim().split(/\s+/)[0]?.toLowerCase() ?? '')
  return [...new Set(names.filter((name) => /^[a-z-]{3,40}$/.test(name)))].sort()
}

/** The features of a Permissions-Policy. `unload=()`, which forbids a feature to all, becomes `no unload`. */
function featuresOf(value: string): string[] {
  const features = value.split(',').map((part) => /^\s*([a-z-]{2,40})\s*=\s*(\(\s*\))?/.exec(part))
  return features.flatMap((found) => (found?.[1] === undefined ? [] : [found[2] ? `no ${found[1]}` : found[1]])).sort()
}

function tokensOf(value: string, known: RegExp): string[] {
  const tokens = value.split(/[,;]/).map((token) => token.trim())
  return [...new Set(tokens.map((token) => known.exec(token)?.[0].toLowerCase() ?? 'other'))].sort()
}
