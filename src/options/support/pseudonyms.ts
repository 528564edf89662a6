import { agentKey, instanceKey } from '../../domain/agent'
import type { KnownName } from './scrub'
import { patternOf, scrub } from './scrub'

type Kind = 'agent' | 'instance' | 'state' | 'profile' | 'document' | 'close'

/**
 * Gives names pseudonyms within one file: always the same for the same name, and irreversibly. The names that it knows when it is
 * sealed are removed from every text.
 */
export class Pseudonyms {
  private readonly given = new Map<string, string>()
  private readonly counts = new Map<Kind, number>()
  /** The names that texts must not contain. */
  private readonly names = new Map<string, KnownName>()
  private isSealed = false
  /** Errors repeat. */
  private readonly scrubbed = new Map<string, string>()

  /** @param host the host name of an instance; its old and its new host count as one. */
  instance(host: string): string | null {
    const stand = this.standIn('instance', instanceKey(host), host)
    if (stand !== null) this.learnParts([host.split('.')[0] ?? ''], stand)
    return stand
  }

  /** null if the page has named no agent. */
  agent(host: string, who: { readonly username: string; readonly name: string }): string | null {
    if (who.username === '' && who.name === '') return null
    const stand = this.standIn('agent', agentKey(host, who), who.username)
    if (stand === null) return null
    this.learn(who.name, stand)
    this.learnParts([who.name, who.username], stand)
    return stand
  }

  /** A state's name: organizations choose them, and may name people in them. */
  state(name: string): string | null {
    return this.standIn('state', name, name)
  }

  profile(name: string): string | null {
    return this.standIn('profile', name, name)
  }

  id(kind: 'document' | 'close', id: string): string | null {
    return this.standIn(kind, id, id)
  }

  /** All names are known now: texts may be given. */
  seal(): void {
    this.isSealed = true
  }

  /** A foreign text without the known names; empty before all names are known. */
  text(text: string): string {
    if (!this.isSealed) return ''
    const known = this.scrubbed.get(text)
    if (known !== undefined) return known
    const scrubbed = scrub(text, this.names.values())
    this.scrubbed.set(text, scrubbed)
    return scrubbed
  }

  /** Removes a name from all texts that has no pseudonym in the file: a name from the settings, an ARN. */
  hide(name: string): void {
    this.learn(name, '[hidden]')
  }

  private standIn(kind: Kind, key: string, name: string): string | null {
    if (key === '') return null
    const known = this.given.get(`${kind} ${key}`)
    const count = (this.counts.get(kind) ?? 0) + (known === undefined ? 1 : 0)
    const stand = known ?? `${kind}-${count}`
    this.counts.set(kind, count)
    this.given.set(`${kind} ${key}`, stand)
    this.learn(name, stand)
    return stand
  }

  /** A first name alone can identify a person. Parts under three letters are in too many words. */
  private learnParts(names: readonly string[], stand: string): void {
    for (const part of names.flatMap((name) => name.split(/[^\p{L}\p{M}\p{N}]+/u))) {
      if (part.length >= 3 || /[^\p{Script=Latin}\p{N}]/u.test(part)) this.learn(part, stand)
    }
  }

  private learn(name: string, stand: string): void {
    for (const each of [name, name.trim(), encoded(name)]) {
      if (each !== '' && !this.names.has(each)) this.names.set(each, { pattern: patternOf(each), label: stand })
    }
  }
}

/** Its form in addresses; empty for half a character, which no address can contain. */
function encoded(name: string): string {
  try {
    return encodeURIComponent(name)
  } catch {
    return ''
  }
}
