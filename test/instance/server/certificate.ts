import { createHash, X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureContext } from 'node:tls'
import { generate } from 'selfsigned'

interface KeyPair {
  readonly publicKey: string
  readonly privateKey: string
}

/** Makes a self-signed certificate for a host, with a new key where none is given. */
async function certificateFor(host: string, keyPair?: KeyPair) {
  return generate([{ name: 'commonName', value: 'stand-in instance' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(keyPair && { keyPair }),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 2 as const, value: host }] },
    ],
  })
}

/**
 * The certificates of the instance's hosts, made when first needed. Each host has its own, since browsers share an
 * HTTP/2 connection among all hosts of its certificate. All certificates have the same key.
 */
export class Certificates {
  private readonly contexts = new Map<string, Promise<SecureContext>>()

  private constructor(
    private readonly keyPair: KeyPair,
    /** For Chromium's `--ignore-certificate-errors-spki-list`. */
    readonly spki: string,
  ) {}

  static async make(): Promise<Certificates> {
    const { private: privateKey, public: publicKey, cert } = await certificateFor('localhost')
    const spki = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' })
    return new Certificates({ publicKey, privateKey }, createHash('sha256').update(spki).digest('base64'))
  }

  contextFor(host: string): Promise<SecureContext> {
    const known = this.contexts.get(host)
    if (known) return known
    const made = certificateFor(host, this.keyPair).then(({ private: key, cert }) => createSecureContext({ key, cert }))
    this.contexts.set(host, made)
    return made
  }
}
