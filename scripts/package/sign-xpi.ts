import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import { checkedSigned } from './firefox'

/** Gives an XPI that Mozilla has signed for the one that is given. */
export type Signer = (unsigned: Uint8Array) => Uint8Array

/** Takes the file that Mozilla gave back for an earlier run: the same commit, key and addresses make the same package. */
export function signedBefore(file: string): Signer {
  return (unsigned) => checkedSigned(unsigned, readFileSync(file))
}

/**
 * Has Mozilla sign, as unlisted, with the program web-ext and the account's key in WEB_EXT_API_KEY and
 * WEB_EXT_API_SECRET. It takes minutes, and each version once. Not tried by us: nobody here has such a key.
 * @param webExt how to start web-ext
 */
export function signerAtMozilla(webExt: string): Signer {
  return (unsigned) => {
    const folder = mkdtempSync(join(tmpdir(), 'ccp-signoff-sign-'))
    try {
      const [source, artifacts] = [join(folder, 'source'), join(folder, 'signed')]
      unpack(unsigned, source)
      const args = ['sign', '--channel', 'unlisted', '--source-dir', source, '--artifacts-dir', artifacts]
      const { status } = spawnSync(webExt, [...args, '--no-config-discovery'], { stdio: 'inherit' })
      if (status !== 0) throw new Error('Mozilla has not signed the XPI: see above.')
      const [signed] = readdirSync(artifacts).filter((name) => name.endsWith('.xpi'))
      if (signed === undefined) throw new Error('web-ext gave no signed XPI back.')
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
