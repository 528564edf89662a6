/**
 * The software bill of materials, in the format CycloneDX 1.6: the third-party packages that the extension bundles. It
 * has no time and no random number in it, so the same lockfile gives the same text.
 */

/** An entry of package-lock.json (version 3): the fields that are read here. */
export interface LockedPackage {
  readonly version?: string
  readonly license?: string
  /** `sha512-` followed by the hash in base64. */
  readonly integrity?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export interface Lockfile {
  readonly name: string
  /** Entries by folder. The root's folder is ''. */
  readonly packages: Readonly<Record<string, LockedPackage>>
}

/** A package that is bundled with the extension. */
export interface Material {
  readonly name: string
  readonly version: string
  /** Its SPDX id, or an expression of several. */
  readonly licence: string
  /** The SHA-512 in the lockfile, in hex. */
  readonly sha512: string
  /** The package URL (purl), with the version: a name may occur in two versions. */
  readonly purl: string
  /** The purls of its own dependencies. */
  readonly needs: readonly string[]
}

const MODULES = 'node_modules/'

/**
 * The root's run-time dependencies and their own, sorted by purl.
 * Development dependencies are left out: they are not in the packages.
 * @throws Error where the lockfile lacks a dependency, or its version, licence or hash.
 */
export function materialsOf({ packages }: Lockfile): Material[] {
  const found = new Map<string, Material>()
  const visit = (folder: string): string[] =>
    Object.keys(neededBy(packages[folder])).map((name) => {
      const place = placeOf(packages, folder, name)
      const known = found.get(place)
      if (known !== undefined) return known.purl
      // Noted before its own dependencies are visited, since two packages may need each other.
      const material = materialAt(packages[place], name)
      found.set(place, material)
      found.set(place, { ...material, needs: visit(place).sort() })
      return material.purl
    })
  visit('')
  return [...found.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1))
}

function neededBy(entry: LockedPackage | undefined): Readonly<Record<string, string>> {
  return { ...entry?.dependencies, ...entry?.optionalDependencies }
}

/** The folder in which Node finds a package: the nearest node_modules at or above the package that needs it. */
function placeOf(packages: Lockfile['packages'], from: string, name: string): string {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf(`/${MODULES}`)))) {
    const place = folder === '' ? `${MODULES}${name}` : `${folder}/${MODULES}${name}`
    if (place in packages) return place
    if (folder === '') throw new Error(`The lockfile has no ${name}, which ${from || 'the root'} needs.`)
  }
}

function materialAt(entry: LockedPackage | undefined, name: string): Material {
  const [, hash] = /^sha512-(.+)$/.exec(entry?.integrity ?? '') ?? []
  if (entry?.version === undefined || entry.license === undefined || hash === undefined) {
    throw new Error(`The lockfile does not say version, licence and SHA-512 of ${name}.`)
  }
  const sha512 = Buffer.from(hash, 'base64').toString('hex')
  const { version, license: licence } = entry
  return { name, version, licence, sha512, purl: purlOf(name, version), needs: [] }
}

const purlOf = (name: string, version: string): string => `pkg:npm/${name.replace(/^@/, '%40')}@${version}`

/** The bill of materials as JSON text. `own` is the extension's own version and licence. */
export function billOfMaterials(lockfile: Lockfile, own: { version: string; licence: string }): string {
  const materials = materialsOf(lockfile)
  const root = purlOf(lockfile.name, own.version)
  const direct = Object.keys(neededBy(lockfile.packages[''])).map((name) =>
    purlOf(name, lockfile.packages[`${MODULES}${name}`]?.version ?? ''),
  )
  const bill = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': root,
        name: lockfile.name,
        version: own.version,
        licenses: licensesOf(own.licence),
      },
    },
    components: materials.map(({ name, version, licence, sha512, purl }) => ({
      type: 'library',
      'bom-ref': purl,
      name,
      version,
      scope: 'required',
      hashes: [{ alg: 'SHA-512', content: sha512 }],
      licenses: licensesOf(licence),
      purl,
    })),
    dependencies: [
      { ref: root, dependsOn: direct.sort() },
      ...materials.map(({ purl, needs }) => ({ ref: purl, dependsOn: needs })),
    ],
  }
  return `${JSON.stringify(bill, null, 2)}\n`
}

function licensesOf(licence: string): object[] {
  return / |\(/.test(licence) ? [{ expression: licence }] : [{ license: { id: licence } }]
}
