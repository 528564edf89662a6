import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { BrowserName } from './types'

/** The folder that a browser looks for its policies under, and the file in it. */
const PLACES: Record<BrowserName, { readonly folder: string; readonly file: string; readonly program: string }> = {
  chromium: { folder: '/etc/chromium', file: 'policies/managed/policy.json', program: '/usr/bin/chromium' },
  firefox: { folder: '/usr/lib/firefox-esr/distribution', file: 'policies.json', program: '/usr/bin/firefox-esr' },
}

/** The policies of a machine, as one browser alone sees them: no real folder is touched. */
export interface MachinePolicy {
  /** The program that starts the browser among these policies. */
  readonly program: string
  /** Replaces the policy, in the browser's own shape. Chromium sees it within seconds, Firefox at its next start. */
  write(policy: object): Promise<void>
  remove(): Promise<void>
}

export async function machinePolicy(browser: BrowserName, policy: object): Promise<MachinePolicy> {
  const place = PLACES[browser]
  const dir = await mkdtemp(join(tmpdir(), 'machine-policy-'))
  const program = join(dir, 'browser')
  const file = join(dir, 'folder', place.file)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(program, launcher(join(dir, 'folder'), place))
  await chmod(program, 0o755)
  const write = async (next: object): Promise<void> => {
    // At once: a browser that is reading sees the one or the other.
    await writeFile(join(dir, 'next.json'), JSON.stringify(next))
    await rename(join(dir, 'next.json'), file)
  }
  await write(policy)
  return { program, write, remove: () => rm(dir, { recursive: true }) }
}

/** Puts the folder over the browser's own, in a mount namespace that only the browser lives in. */
function launcher(folder: string, place: (typeof PLACES)[BrowserName]): string {
  const namespace = process.getuid?.() === 0 ? '--mount' : '--mount --user --map-root-user'
  return `#!/bin/sh
exec unshare ${namespace} --propagation private sh -c 'mount --bind "$0" "$1" && shift && exec "$@"' \\
  '${folder}' '${place.folder}' '${place.program}' "$@"
`
}
