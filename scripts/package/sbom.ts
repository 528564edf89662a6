/**
 * The software bill of materials: what of others is in the packages, as CycloneDX 1.6 has it. It holds no time and no
 * random number: the same lockfile makes the same text.
 */

/** An entry of package-lock.json (version 3), as far as it is read. */
export interface LockedPackage {
  readonly version?: string
  readonly license?: string
  /** `sha512-` and the hash in base64. */
  readonly integrity?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export interface Lockfile {
  readonly name: string
  /** By folder, from the root's on, which is ''. */
  readonly packages: Readonly<Record<string, LockedPackage>>
}

/** A package that is bundled with the extension. */
export interface Material {
  readonly name: string
  readonly version: string
  /** Its SPDX id, or an expression of several. */
  readonly licence: string
  /** SHA-512 of the package that the lockfile names, in hex. */
  readonly sha512: string
  /** Its address as bills of materials have it: there may be two versions of one name. */
  readonly purl: string
  /** The addresses of what it needs itself. */
  readonly needs: readonly string[]
}

const MODULES = 'node_modules/'

/**
 * What the root needs at run time, and what that needs in turn, by name. What is for building and testing alone is not in
 * the packages, and not in here.
 * @throws Error where the lockfile does not say version, licence or hash of one of them.
 */
export function materialsOf({ packages }: Lockfile): Material[] {
  const found = new Map<string, Material>()
  const visit = (folder: string): string[] =>
    Object.keys(neededBy(packages[folder])).map((name) => {
      const place = placeOf(packages, folder, name)
      const known = found.get(place)
      if (known !== undefined) return known.purl
      // Before what it needs: two packages may need each other.
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

/** The folder that Node finds a package in: the nearest above who needs it. */
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

/** The bill as JSON text. `version` and `licence` are those of the extension itself. */
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
