/** The target of a request: an instance under one of its host names, or another site. */
export type Place =
  | {
      readonly kind: 'legacy' | 'modern' | 'govcloud'
      readonly alias: string
      readonly host: string
      readonly base: string
    }
  | { readonly kind: 'site'; readonly host: string }

export type HostKind = 'legacy' | 'modern' | 'govcloud'

const SUFFIXES: Readonly<Record<HostKind, string>> = {
  legacy: '.awsapps.com',
  modern: '.my.connect.aws',
  govcloud: '.govcloud.connect.aws',
}

/** The host name of an instance on this kind of host. */
export const hostOf = (alias: string, kind: HostKind): string => alias + SUFFIXES[kind]

/** The prefix of an instance's paths on this kind of host. */
export const baseOf = (kind: HostKind): string => (kind === 'legacy' ? '/connect' : '')

/** The target that a Host header names. */
export function placeOf(hostHeader: string | undefined): Place {
  const host = (hostHeader ?? '').replace(/:\d+$/, '').toLowerCase()
  for (const kind of ['legacy', 'modern', 'govcloud'] as const) {
    const suffix = SUFFIXES[kind]
    if (host.endsWith(suffix)) return { kind, alias: host.slice(0, -suffix.length), host, base: baseOf(kind) }
  }
  return { kind: 'site', host }
}
