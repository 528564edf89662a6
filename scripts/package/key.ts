import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, isAbsolute } from 'node:path'

/** The key that signs the CRX. Anyone who has it can replace the extension on every machine that trusts its id. */
export interface SigningKey {
  /** The path of the private key, in PEM. */
  readonly path: string
  /** The extension's id in Chromium. */
  readonly id: string
  /** The manifest's `key`: the public key (SPKI, DER) in base64. */
  readonly publicKey: string
  /** Whether the key was made in this run, so that no policy knows its id. */
  readonly isFresh: boolean
  /** Removes a file that was written for this run only. A fresh key stays: it may be used again. */
  dispose(): void
}

export interface KeySource {
  /** The path of a PEM file outside the repository. */
  readonly file?: string | undefined
  /** The PEM text itself, as a build server's secret store provides it. */
  readonly pem?: string | undefined
}

/**
 * The given key, or a fresh one in a new folder outside the repository.
 * @param repository the repository's root
 * @throws Error where the file is missing or in the repository, or the key cannot sign a CRX.
 */
export function signingKey({ file, pem }: KeySource, repository: string): SigningKey {
  if (file !== undefined) {
    if (!existsSync(file)) throw new Error(`The key ${file} does not exist.`)
    if (isIn(realpathSync(file), realpathSync(repository))) {
      throw new Error(`${file} is in the repository. Keep the key elsewhere: it must never be committed.`)
    }
    return keyAt(file, false, () => undefined)
  }
  const folder = mkdtempSync(join(tmpdir(), 'ccp-signoff-key-'))
  const path = join(folder, 'key.pem')
  // Only the owner can open the folder that mkdtemp has made.
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

/**
 * The public key of a private RSA key in PEM, as SPKI in DER. Throws where the key is not RSA with 2,048 bits or more.
 */
function publicKeyOf(pem: string): Buffer {
  let key
  try {
    key = createPrivateKey(pem)
  } catch (error) {
    throw new Error('The key is not a private key in PEM without a passphrase.', { cause: error })
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa' || bits < 2048) throw new Error('The key must be RSA with 2048 bits or more.')
  return createPublicKey(key).export({ type: 'spki', format: 'der' })
}

/**
 * Chromium's id for a public key: the first half of its SHA-256 in hex, with the letters a to p for the digits 0 to f.
 */
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
