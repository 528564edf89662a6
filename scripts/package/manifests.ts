import type { Files } from './zip'

interface Manifest {
  readonly version: string
  readonly minimum_chrome_version?: string
  readonly [key: string]: unknown
}

export function manifestOf(files: Files): Manifest {
  const manifest = files['manifest.json']
  if (manifest === undefined) throw new Error('The build has no manifest.json.')
  return JSON.parse(Buffer.from(manifest).toString('utf8')) as Manifest
}

/** The same files, with what is given in their manifest; `undefined` takes a key out of it. */
export function withManifest(files: Files, changes: Readonly<Record<string, string | undefined>>): Files {
  const manifest = { ...manifestOf(files), ...changes }
  return { ...files, 'manifest.json': Buffer.from(JSON.stringify(manifest, null, 2)) }
}
