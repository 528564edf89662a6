import { billOfMaterials, materialsOf } from '../../../scripts/package/sbom'
import type { Lockfile } from '../../../scripts/package/sbom'
import lockfile from '../../../package-lock.json'
import packageJson from '../../../package.json'

const HASH = { integrity: 'sha512-AQID' }
const entry = (version: string, more: object = {}): object => ({ version, license: 'MIT', ...HASH, ...more })
const lock = (packages: object): Lockfile => ({ name: 'own', packages: packages as Lockfile['packages'] })

describe('what is bundled', () => {
  it('consists of what the root needs, recursively, without development packages', () => {
    const materials = materialsOf(
      lock({
        '': { dependencies: { b: '1', '@s/a': '1' }, devDependencies: { tool: '1' } },
        'node_modules/b': entry('1.0.0', { dependencies: { c: '1' }, peerDependencies: { tool: '1' } }),
        'node_modules/@s/a': entry('2.0.0'),
        'node_modules/c': entry('3.0.0', { dependencies: { b: '1' } }),
        'node_modules/tool': entry('4.0.0', { dev: true }),
      }),
    )
    expect(materials.map(({ name, version, needs }) => [name, version, needs])).toEqual([
      ['@s/a', '2.0.0', []],
      ['b', '1.0.0', ['pkg:npm/c@3.0.0']],
      ['c', '3.0.0', ['pkg:npm/b@1.0.0']],
    ])
  })

  it('is found where Node finds it: in the nearest folder', () => {
    const materials = materialsOf(
      lock({
        '': { dependencies: { b: '1', c: '1' } },
        'node_modules/b': entry('1.0.0', { dependencies: { c: '2' } }),
        'node_modules/b/node_modules/c': entry('2.0.0', { dependencies: { d: '1' } }),
        'node_modules/c': entry('1.0.0'),
        'node_modules/d': entry('5.0.0'),
      }),
    )
    expect(materials.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'b 1.0.0',
      'c 1.0.0',
      'c 2.0.0',
      'd 5.0.0',
    ])
    expect(materials[0]?.needs).toEqual(['pkg:npm/c@2.0.0'])
  })

  it.each([
    ['no version', { license: 'MIT', ...HASH }],
    ['no licence', { version: '1.0.0', ...HASH }],
    ['no hash', { version: '1.0.0', license: 'MIT' }],
    ['a weaker hash', { version: '1.0.0', license: 'MIT', integrity: 'sha1-AQID' }],
  ])('%s is an error', (_, broken) => {
    expect(() => materialsOf(lock({ '': { dependencies: { b: '1' } }, 'node_modules/b': broken }))).toThrow('b')
  })

  it('a package missing from the lockfile is an error', () => {
    expect(() => materialsOf(lock({ '': { dependencies: { b: '1' } } }))).toThrow('has no b')
  })
})

describe('the bill of materials', () => {
  const own = { version: '9.8.7', licence: packageJson.license }
  const text = billOfMaterials(lockfile, own)
  const bill = JSON.parse(text) as {
    metadata: { component: object }
    components: { name: string; version: string; purl: string; hashes: { alg: string; content: string }[] }[]
    dependencies: { ref: string; dependsOn: string[] }[]
  }

  it('is the same text each time, without a time or a serial number', () => {
    expect(billOfMaterials(lockfile, own)).toBe(text)
    expect(text).not.toMatch(/timestamp|serialNumber/)
  })

  it('is a CycloneDX 1.6 document for the extension', () => {
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 })
    expect(bill.metadata.component).toMatchObject({
      type: 'application',
      name: packageJson.name,
      version: '9.8.7',
      licenses: [{ license: { id: packageJson.license } }],
    })
  })

  it('has every dependency of package.json, with version and hash', () => {
    expect(Object.fromEntries(bill.components.map(({ name, version }) => [name, version]))).toMatchObject(
      packageJson.dependencies,
    )
    for (const { name, version, purl, hashes } of bill.components) {
      expect(purl).toBe(`pkg:npm/${name.replace('@', '%40')}@${version}`)
      expect(hashes).toEqual([{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) as string }])
    }
  })

  it('contains who needs what, with known names only', () => {
    const known = bill.dependencies.map(({ ref }) => ref)
    expect(known).toHaveLength(bill.components.length + 1)
    expect(bill.dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !known.includes(ref))).toEqual([])
    expect(bill.dependencies[0]?.dependsOn).toHaveLength(Object.keys(packageJson.dependencies).length)
  })

  it('writes a scope as in package URLs, and several licences as an expression', () => {
    const packages = {
      '': { dependencies: { '@s/a': '1' } },
      'node_modules/@s/a': entry('2.0.0', { license: '(MIT OR ISC)' }),
    }
    const [component] = (JSON.parse(billOfMaterials(lock(packages), own)) as typeof bill).components
    expect(component).toMatchObject({ purl: 'pkg:npm/%40s/a@2.0.0', licenses: [{ expression: '(MIT OR ISC)' }] })
  })
})
