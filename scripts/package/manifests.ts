import type { Files } from './zip'

interface Gecko {
  readonly id?: string
  readonly strict_min_version?: string
  readonly update_url?: string
}

interface Manifest {
  readonly version: string
  readonly minimum_chrome_version?: string
  readonly browser_specific_settings?: { readonly gecko?: Gecko }
  readonly [key: string]: unknown
}

/** The manifest of a build. Throws where the build has none. */
export function manifestOf(files: Files): Manifest {
  const manifest = files['manifest.json']
  if (manifest === undefined) throw new Error('The build has no manifest.json.')
  return JSON.parse(Buffer.from(manifest).toString('utf8')) as Manifest
}

/** The same files, with these keys changed in the manifest; a value of `undefined` removes its key. */
export function withManifest(files: Files, changes: Readonly<Record<string, unknown>>): Files {
  const manifest = { ...manifestOf(files), ...changes }
  return { ...files, 'manifest.json': Buffer.from(JSON.stringify(manifest, null, 2)) }
}

/** The same files, with another version and these changes in the manifest's part for Firefox. */
export function withGecko(files: Files, version: string, changes: Gecko): Files {
  const { browser_specific_settings: settings } = manifestOf(files)
  return withManifest(files, {
    version,
    browser_specific_settings: { ...settings, gecko: { ...settings?.gecko, ...changes } },
  })
}
