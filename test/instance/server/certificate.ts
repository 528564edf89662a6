import { createHash, X509Certificate } from 'node:crypto'
import { generate } from 'selfsigned'

export interface Certificate {
  readonly key: string
  readonly cert: string
  /** For Chromium's `--ignore-certificate-errors-spki-list`. */
  readonly spki: string
}

const NAMES = ['*.awsapps.com', '*.my.connect.aws', '*.govcloud.connect.aws', '*.example.test', 'localhost']

/** A certificate for every host that the instance may be, signed by nobody. */
export async function makeCertificate(): Promise<Certificate> {
  const altNames = [...NAMES.map((value) => ({ type: 2 as const, value })), { type: 7 as const, ip: '127.0.0.1' }]
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'stand-in instance' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  })
  const spki = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' })
  return { key, cert, spki: createHash('sha256').update(spki).digest('base64') }
}
