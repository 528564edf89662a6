import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, isAbsolute } from 'node:path'

/** The key that signs the CRX: anyone who has it can replace the extension on every machine that trusts its id. */
export interface SigningKey {
  /** Where the private key is, in PEM. */
  readonly path: string
  /** The extension's id in Chromium. */
  readonly id: string
  /** The manifest's `key`. */
  readonly publicKey: string
  /** Whether it was made just now, and so with an id that nobody has seen. */
  readonly isFresh: boolean
  /** Takes away what was written for this run alone. */
  dispose(): void
}

export interface KeySource {
  /** A PEM file, outside of the repository. */
  readonly file?: string | undefined
  /** The PEM itself, as a build server's secret store gives it. */
  readonly pem?: string | undefined
}

/**
 * The key that was given, or a fresh one in a new folder outside of the repository.
 * @throws Error where the key lies in the repository, or is none that a CRX can be signed with.
 */
export function signingKey({ file, pem }: KeySource, repository: string): SigningKey {
  if (file !== undefined) {
    if (!existsSync(file)) throw new Error(`There is no key ${file}.`)
    if (isIn(realpathSync(file), realpathSync(repository))) {
      throw new Error(`${file} is in the repository. Keep the key elsewhere: it must never be committed.`)
    }
    return keyAt(file, false, () => undefined)
  }
  const folder = mkdtempSync(join(tmpdir(), 'ccp-signoff-key-'))
  const path = join(folder, 'key.pem')
  // mkdtemp has made the folder for its owner alone.
  writeFileSync(path, pem ?? freshKey())
  chmodSync(path, 0o600)
  const remove = (): void => rmSync(folder, { recursive: true })
  try {
    return keyAt(path, pem === undefined, pem === undefined ? () => undefined : remove)
  } catch (error) {
    remove()
    throw error
  }
}

function keyAt(path: string, isFresh: boolean, dispose: () => void): SigningKey {
  const spki = publicKeyOf(readFileSync(path, 'utf8'))
  return { path, id: idOf(spki), publicKey: spki.toString('base64'), isFresh, dispose }
}

/** The public key of an RSA key in PEM, as SPKI in DER. */
function publicKeyOf(pem: string): Buffer {
  let key
  try {
    key = createPrivateKey(pem)
  } catch (error) {
    throw new Error('The key is no private key in PEM without a passphrase.', { cause: error })
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa' || bits < 2048) throw new Error('The key must be RSA with 2048 bits or more.')
  return createPublicKey(key).export({ type: 'spki', format: 'der' })
}

/** Chromium's id for a public key: half of its SHA-256, with the letters a to p for the digits 0 to f. */
export function idOf(spki: Buffer): string {
  const hex = createHash('sha256').update(spki).digest('hex').slice(0, 32)
  return hex.replace(/./g, (digit) => String.fromCharCode('a'.charCodeAt(0) + Number.parseInt(digit, 16)))
}

function freshKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  return privateKey
}

function isIn(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return !way.startsWith('..') && !isAbsolute(way)
}
