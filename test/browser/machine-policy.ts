import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { BrowserName } from './types'

/** The folder where a browser looks for its policies, and the file in it. */
const PLACES: Record<BrowserName, { readonly folder: string; readonly file: string; readonly program: string }> = {
  chromium: { folder: '/etc/chromium', file: 'policies/managed/policy.json', program: '/usr/bin/chromium' },
  firefox: { folder: '/usr/lib/firefox-esr/distribution', file: 'policies.json', program: '/usr/bin/firefox-esr' },
}

/** The policies of a machine as only one browser sees them: no real folder is changed. */
export interface MachinePolicy {
  /** The program that starts the browser with these policies. */
  readonly program: string
  /** Replaces the policy, in the browser's own format. Chromium sees it within seconds, Firefox at its next start. */
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
    // Atomically: a browser that is reading sees either the old or the new policy.
    await writeFile(join(dir, 'next.json'), JSON.stringify(next))
    await rename(join(dir, 'next.json'), file)
  }
  await write(policy)
  return { program, write, remove: () => rm(dir, { recursive: true }) }
}

/** Mounts the folder over the browser's own, in a mount namespace that only the browser sees. */
function launcher(folder: string, place: (typeof PLACES)[BrowserName]): string {
  const namespace = process.getuid?.() === 0 ? '--mount' : '--mount --user --map-root-user'
  return `#!/bin/sh
exec unshare ${namespace} --propagation private sh -c 'mount --bind "$0" "$1" && shift && exec "$@"' \\
  '${folder}' '${place.folder}' '${place.program}' "$@"
`
}
