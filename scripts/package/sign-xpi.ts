import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import { checkedSigned } from './firefox'

/** Takes an unsigned XPI, and returns it signed by Mozilla. Throws where that fails. */
export type Signer = (unsigned: Uint8Array) => Uint8Array

/**
 * A signer that returns the file Mozilla signed after an earlier run. It fits where this run has packed the same files.
 */
export function signedBefore(file: string): Signer {
  return (unsigned) => checkedSigned(unsigned, readFileSync(file))
}

/**
 * A signer that has Mozilla sign the XPI as unlisted, by the program web-ext with the account's credentials in
 * WEB_EXT_API_KEY and WEB_EXT_API_SECRET. It takes minutes, and Mozilla signs each version only once. Never tried, for
 * lack of such an account.
 * @param webExt the path of web-ext
 */
export function signerAtMozilla(webExt: string): Signer {
  return (unsigned) => {
    const folder = mkdtempSync(join(tmpdir(), 'ccp-signoff-sign-'))
    try {
      const [source, artifacts] = [join(folder, 'source'), join(folder, 'signed')]
      unpack(unsigned, source)
      const args = ['sign', '--channel', 'unlisted', '--source-dir', source, '--artifacts-dir', artifacts]
      const { status } = spawnSync(webExt, [...args, '--no-config-discovery'], { stdio: 'inherit' })
      if (status !== 0) throw new Error('Mozilla has not signed the XPI: see the output above.')
      const [signed] = readdirSync(artifacts).filter((name) => name.endsWith('.xpi'))
      if (signed === undefined) throw new Error('web-ext returned no signed XPI.')
      return checkedSigned(unsigned, readFileSync(join(artifacts, signed)))
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
}

function unpack(archive: Uint8Array, folder: string): void {
  for (const [path, bytes] of Object.entries(unzipSync(archive))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
}
