import type { About, Attributes, Draft, FleetRecord } from '../../domain/fleet/record'
import type { Settings } from '../../domain/settings'

type Identity = Pick<Settings, 'agentIdentity' | 'agentHashKey'>

/** The only text in a record that the extension has not written itself. */
const MESSAGE = 'exception.message'
const SOMEBODY = '(agent)'

/**
 * The record of a draft, with as much of the agent in it as the settings allow: nothing, a hash that only the holder of the key
 * can match with a name, or the name.
 * @param now when it is noted, in ms since the epoch.
 */
export async function identified(
  draft: Draft,
  identity: Identity,
  installationId: string,
  now: number,
): Promise<FleetRecord> {
  const { about, id, attributes, ...rest } = draft
  const of = about === null ? {} : await identityOf(about, identity)
  const { [MESSAGE]: message } = attributes
  const hidden =
    about === null || about.username === '' || identity.agentIdentity === 'user_name' || typeof message !== 'string'
      ? {}
      : { [MESSAGE]: message.split(about.username).join(SOMEBODY) }
  return {
    ...rest,
    // Unique across machines.
    id: `${installationId}/${id}`,
    attributes: { ...of, ...attributes, ...hidden },
    observedAt: now,
  }
}

async function identityOf({ instance, username }: About, identity: Identity): Promise<Attributes> {
  switch (identity.agentIdentity) {
    case 'nothing':
      return {}
    case 'user_name':
      return { 'user.name': username }
    case 'hash':
      // Without a key anybody could try all names: then the record names no agent.
      return identity.agentHashKey === ''
        ? {}
        : { 'user.hash': await keyedHash(identity.agentHashKey, instance, username) }
  }
}

/** HMAC-SHA-256 of `instance/username`, the instance by the first part of its host name, both in lower case; in hex. */
export async function keyedHash(secret: string, instance: string, username: string): Promise<string> {
  const bytes = new TextEncoder()
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', bytes.encode(secret), algorithm, false, ['sign'])
  const alias = instance.split('.')[0] ?? ''
  const signed = await crypto.subtle.sign('HMAC', key, bytes.encode(`${alias}/${username}`.toLowerCase()))
  return hex(signed)
}

/** SHA-256, in hex. */
export async function hashOf(text: string): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}

function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
