import { createHash, generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { overBudget, sizesOf } from '../../../scripts/package/budget'
import { checkedAddonId, checkedSigned } from '../../../scripts/package/firefox'
import { idOf, signingKey } from '../../../scripts/package/key'
import { checkedWishes, EXAMPLE_URL, runPackage } from '../../../scripts/package/main'
import { makePackages } from '../../../scripts/package/package'
import { releaseNotes } from '../../../scripts/package/release-notes'
import { filesIn, zipOf } from '../../../scripts/package/zip'
import { TEMPLATE } from '../../../scripts/policies/browsers'
import { samplePolicies } from '../../../scripts/policies/samples'
import manifest from '../../../manifest.json'

// crx3 flushes each CRX to the disk, which takes minutes on a machine whose disk is still busy with an installation. Only a
// power failure would show whether these files were flushed.
jest.mock('fs', () => ({
  ...jest.requireActual<object>('fs'),
  fdatasync: (_file: number, done: () => void) => process.nextTick(done),
}))

// Each call that makes or removes a file waits for a disk that is busy: for more than half a minute after many files were written.
jest.setTimeout(300_000)

const ROOT = join(__dirname, '../../..')
const BASE_URL = 'https://it.example/signoff'
let folder: string

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'package-test-'))))
afterEach(() => rmSync(folder, { recursive: true }))

function pem(bits = 2048): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}
const PEM = pem()

/** Writes a small build of both targets, with its files in the given order. */
function build(name: string, order: (files: [string, string][]) => [string, string][], version = '1.2.3'): string {
  const built = join(folder, name)
  const chrome = { version, minimum_chrome_version: '121', key: 'of unpacked builds' }
  for (const target of ['chrome', 'firefox']) {
    mkdirSync(join(built, target, 'icons'), { recursive: true })
    const gecko = { id: 'signoff@example.com', strict_min_version: '140.0' }
    const own = target === 'chrome' ? chrome : { version, browser_specific_settings: { gecko } }
    const files: [string, string][] = [
      ['manifest.json', JSON.stringify(own)],
      ['page.js', 'page '.repeat(100)],
      ['icons/a.png', 'a'],
    ]
    for (const [path, text] of order(files)) {
      writeFileSync(join(built, target, path), text)
      utimesSync(join(built, target, path), new Date(), new Date(Math.random() * 1e12))
    }
  }
  return built
}

type Wishes = Partial<Omit<Parameters<typeof makePackages>[0], 'key'>>

async function pack(built: string, out: string, key = PEM, wishes: Wishes = {}) {
  const signing = signingKey({ pem: key }, ROOT)
  try {
    return await makePackages({ built, out: join(folder, out), key: signing, baseUrl: BASE_URL, ...wishes })
  } finally {
    signing.dispose()
  }
}

/** A CRX3: magic, version, length of the header, header, ZIP. */
function inCrx(file: string): Record<string, Uint8Array> {
  const crx = readFileSync(file)
  expect(crx.subarray(0, 8)).toEqual(Buffer.from('Cr24\x03\0\0\0'))
  return unzipSync(crx.subarray(12 + crx.readUInt32LE(8)))
}
const manifestIn = (zip: Record<string, Uint8Array>): Record<string, unknown> =>
  JSON.parse(Buffer.from(zip['manifest.json'] ?? []).toString()) as Record<string, unknown>

test('the same content and key give the same bytes, whatever the order and times of the files', async () => {
  await pack(
    build('one', (files) => files),
    'packed-one',
  )
  await pack(
    build('two', (files) => [...files].reverse()),
    'packed-two',
  )
  const [one, two] = [filesIn(join(folder, 'packed-one')), filesIn(join(folder, 'packed-two'))]
  const isPolicy = (file: string): boolean => /^policies\/(pilot|broad)\//.test(file)
  expect(Object.keys(one).filter(isPolicy)).not.toEqual([])
  expect(
    Object.keys(one)
      .filter((file) => !isPolicy(file))
      .sort(),
  ).toEqual([
    'SHA256SUMS',
    'ccp-signoff-1.2.3-chrome.zip',
    'ccp-signoff-1.2.3-firefox.zip',
    'ccp-signoff-1.2.3-policies.zip',
    'ccp-signoff-1.2.3.cdx.json',
    'ccp-signoff-1.2.3.crx',
    'ccp-signoff-1.2.3.xpi',
    'updates-broad.json',
    'updates-broad.xml',
    'updates-pilot.json',
    'updates-pilot.xml',
  ])
  expect(two).toEqual(one)
})

test('manifests, update manifests and CRX contain the id of the key in use', async () => {
  const built = build('built', (files) => files)
  const { chromiumId, crx, updateUrl } = await pack(built, 'packed')
  const { key, update_url, version } = manifestIn(inCrx(crx))
  expect(idOf(Buffer.from(String(key), 'base64'))).toBe(chromiumId)
  expect({ update_url, version }).toEqual({ update_url: updateUrl.broad, version: '1.2.3' })
  for (const channel of ['pilot', 'broad']) {
    const xml = readFileSync(join(folder, 'packed', `updates-${channel}.xml`), 'utf8')
    expect(xml).toContain(`appid="${chromiumId}"`)
    expect(xml).toContain(`codebase="${BASE_URL}/ccp-signoff-1.2.3.crx" version="1.2.3" prodversionmin="121`)
    expect(updateUrl).toHaveProperty(channel, `${BASE_URL}/updates-${channel}.xml`)
  }
  expect((await pack(built, 'other', pem())).chromiumId).not.toBe(chromiumId)
})

test('the policies are those of the repository, filled in with the packages’ id and addresses', async () => {
  const { chromiumId, firefoxId, updateUrl, xpiUrl } = await pack(
    build('built', (files) => files),
    'packed',
  )
  for (const channel of ['pilot', 'broad'] as const) {
    const filled = filesIn(join(folder, 'packed/policies', channel))
    const templates = samplePolicies(TEMPLATE, channel)
    expect(Object.keys(filled).sort()).toEqual(Object.keys(templates).sort())
    for (const [path, template] of Object.entries(templates)) {
      const expected = template
        .replaceAll('__CHROMIUM_ID__', chromiumId)
        .replaceAll('__FIREFOX_ID__', firefoxId)
        .replaceAll('__UPDATE_URL__', updateUrl[channel])
        .replaceAll('__XPI_URL__', xpiUrl)
      // UUIDs depend on the filled-in values.
      const blurred = (text: string): string =>
        text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID').replace(/\s+/g, ' ')
      expect(blurred(Buffer.from(filled[path] ?? []).toString())).toBe(blurred(expected))
      expect(expected).not.toMatch(/__[A-Z_]+__/)
    }
  }
})

test('the store packages have neither key nor update address', async () => {
  await pack(
    build('built', (files) => files),
    'packed',
  )
  const zip = unzipSync(readFileSync(join(folder, 'packed/ccp-signoff-1.2.3-chrome.zip')))
  expect(manifestIn(zip)).toEqual({ version: '1.2.3', minimum_chrome_version: '121' })
  expect(Object.keys(zip).sort()).toEqual(['icons/a.png', 'manifest.json', 'page.js'])
  const firefox = unzipSync(readFileSync(join(folder, 'packed/ccp-signoff-1.2.3-firefox.zip')))
  expect(geckoIn(firefox)).toEqual({ id: 'signoff@example.com', strict_min_version: '140.0' })
})

const geckoIn = (zip: Record<string, Uint8Array>): unknown =>
  (manifestIn(zip) as { browser_specific_settings: { gecko: unknown } }).browser_specific_settings.gecko
const text = (file: string): string => readFileSync(join(folder, 'packed', file), 'utf8')

describe('Firefox', () => {
  const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
  /** As Mozilla signs: the same files, plus a folder with the signature. */
  const signed = (unsigned: Uint8Array, others: Record<string, Uint8Array> = {}): Buffer =>
    zipOf({ ...unzipSync(unsigned), 'META-INF/mozilla.rsa': Buffer.from('by Mozilla'), ...others })
  const packSigned = (sign: (unsigned: Uint8Array) => Uint8Array) =>
    pack(
      build('built', (files) => files),
      'packed',
      PEM,
      { geckoId: 'signoff@it.example', sign: (unsigned) => checkedSigned(unsigned, sign(unsigned)) },
    )

  test('the XPI has the requested id and its update address; policies contain both', async () => {
    const { xpi, firefoxId } = await packSigned(signed)
    expect(firefoxId).toBe('signoff@it.example')
    expect(geckoIn(unzipSync(readFileSync(xpi)))).toEqual({
      id: firefoxId,
      strict_min_version: '140.0',
      update_url: `${BASE_URL}/updates-broad.json`,
    })
    expect(JSON.parse(text('policies/broad/firefox/policies.json'))).toMatchObject({
      policies: { ExtensionSettings: { [firefoxId]: { install_url: `${BASE_URL}/ccp-signoff-1.2.3.xpi` } } },
    })
  })

  test('update manifests and checksums are for the signed XPI', async () => {
    const { xpi } = await packSigned(signed)
    const bytes = readFileSync(xpi)
    expect(Object.keys(unzipSync(bytes))).toContain('META-INF/mozilla.rsa')
    for (const channel of ['pilot', 'broad']) {
      expect(JSON.parse(text(`updates-${channel}.json`))).toEqual({
        addons: {
          'signoff@it.example': {
            updates: [
              {
                version: '1.2.3',
                update_link: `${BASE_URL}/ccp-signoff-1.2.3.xpi`,
                update_hash: `sha256:${sha256(bytes)}`,
                applications: { gecko: { strict_min_version: '140.0' } },
              },
            ],
          },
        },
      })
    }
    expect(text('SHA256SUMS')).toContain(`${sha256(bytes)}  ccp-signoff-1.2.3.xpi\n`)
  })

  test('over http the XPI has no update manifest, which Firefox would refuse', async () => {
    const { xpi } = await pack(
      build('built', (files) => files),
      'packed',
      PEM,
      { baseUrl: 'http://it.example' },
    )
    expect(geckoIn(unzipSync(readFileSync(xpi)))).not.toHaveProperty('update_url')
  })

  test.each<[string, (unsigned: Uint8Array) => Uint8Array, string]>([
    ['has no signature', (unsigned) => unsigned, 'no signature of Mozilla'],
    ['is of other code', (unsigned) => signed(unsigned, { 'page.js': Buffer.from('evil') }), 'page.js differ'],
    ['has a file more', (unsigned) => signed(unsigned, { 'more.js': Buffer.from('evil') }), 'more.js differ'],
    ['is not an archive', () => Buffer.from('<html>'), 'not a ZIP archive'],
  ])('a file that %s is not accepted as the signed XPI', async (_, sign, message) => {
    await expect(packSigned(sign)).rejects.toThrow(message)
  })

  test.each(['signoff', 'a b@it.example', '{1234}', ''])('%s is not an add-on id', (id) => {
    expect(() => checkedAddonId(id)).toThrow('is not an add-on id')
  })
  test.each(['signoff@it.example', '@signoff', '{12345678-1234-1234-1234-123456789abc}'])('%s is an id', (id) => {
    expect(checkedAddonId(id)).toBe(id)
  })
})

describe('the notes of a release', () => {
  const changelog =
    '# Changelog\n\n## [Unreleased]\n\n- soon\n\n## [1.2.3] - 2026-11-28\n\n### Added\n\n- a thing\n\n## [1.2.2]\n\n- old\n'
  const release = { version: '1.2.3', codeVersion: '1.2.3', commit: 'abc', chromiumId: 'aaa', firefoxId: 'f@x' }

  test('are the section of the changelog, with the ids that policies name', () => {
    const notes = releaseNotes(changelog, release)
    expect(notes).toMatch(/^# Signoff for Amazon Connect 1\.2\.3\n\n### Added\n\n- a thing\n\n## Ids\n/)
    for (const id of ['`aaa`', '`f@x`', 'commit abc']) expect(notes).toContain(id)
    for (const other of ['soon', 'old']) expect(notes).not.toContain(other)
  })

  test('mention older code under a higher number', () => {
    expect(releaseNotes(changelog, { ...release, version: '1.3.0' })).toContain(
      'The code of 1.2.3, under a higher version.',
    )
  })

  test('are refused without a section in the changelog', () => {
    expect(() => releaseNotes(changelog, { ...release, codeVersion: '9.9.9' })).toThrow('says nothing under')
  })

  test('are a file of the release, with a checksum', async () => {
    await pack(
      build('built', (files) => files),
      'packed',
      PEM,
      { notes: ({ version, chromiumId }) => `${version} ${chromiumId}` },
    )
    expect(text('RELEASE-NOTES.md')).toMatch(/^1\.2\.3 [a-p]{32}$/)
    expect(text('SHA256SUMS')).toContain('  RELEASE-NOTES.md\n')
  })
})

test('the archive of the policies contains all of them', async () => {
  await pack(
    build('built', (files) => files),
    'packed',
  )
  const archive = unzipSync(readFileSync(join(folder, 'packed/ccp-signoff-1.2.3-policies.zip')))
  expect(Object.keys(archive).sort()).toEqual(Object.keys(filesIn(join(folder, 'packed/policies'))).sort())
})

test('older code can have a higher number', async () => {
  const { crx, xpi } = await pack(
    build('built', (files) => files),
    'packed',
    PEM,
    { version: '1.3.0' },
  )
  expect(manifestIn(inCrx(crx))['version']).toBe('1.3.0')
  expect(manifestIn(unzipSync(readFileSync(xpi)))['version']).toBe('1.3.0')
})

test('a folder with other files in it is left alone', async () => {
  const built = build('built', (files) => files)
  await expect(pack(built, 'built')).rejects.toThrow('has other files in it')
  expect(Object.keys(filesIn(built))).toContain('chrome/page.js')
  await pack(built, 'packed')
  await expect(pack(built, 'packed')).resolves.toHaveProperty('version', '1.2.3')
})

test('the checksums are those of the files', async () => {
  await pack(
    build('built', (files) => files),
    'packed',
  )
  const lines = readFileSync(join(folder, 'packed/SHA256SUMS'), 'utf8').trim().split('\n')
  expect(lines).toHaveLength(Object.keys(filesIn(join(folder, 'packed'))).length - 1)
  for (const line of lines) {
    const [sum, file = ''] = line.split('  ')
    expect(
      createHash('sha256')
        .update(filesIn(join(folder, 'packed'))[file] ?? '')
        .digest('hex'),
    ).toBe(sum)
  }
})

test('a ZIP has its files sorted by name, with the earliest possible date', () => {
  const zip = zipOf({ b: Buffer.from('2'), a: Buffer.from('1') })
  expect(Object.keys(unzipSync(zip))).toEqual(['a', 'b'])
  // Time and date of the first entry: midnight, 1 January 1980.
  expect([zip.readUInt16LE(10), zip.readUInt16LE(12)]).toEqual([0, 0x21])
})

describe('the key', () => {
  test('is never one in the repository', () => {
    const file = join(ROOT, 'out', 'test-key.pem')
    mkdirSync(join(ROOT, 'out'), { recursive: true })
    writeFileSync(file, PEM)
    try {
      expect(() => signingKey({ file }, ROOT)).toThrow('must never be committed')
    } finally {
      rmSync(file)
    }
  })

  test('is the same from a file and from the environment, which leaves nothing behind', () => {
    const file = join(folder, 'key.pem')
    writeFileSync(file, PEM)
    const [fromFile, fromText] = [signingKey({ file }, ROOT), signingKey({ pem: PEM }, ROOT)]
    expect(fromText.id).toBe(fromFile.id)
    expect([fromFile.isFresh, fromText.isFresh]).toEqual([false, false])
    fromText.dispose()
    fromFile.dispose()
    expect(() => statSync(fromText.path)).toThrow()
    expect(statSync(file).isFile()).toBe(true)
  })

  test('is made if none is given, readable by its owner only, and marked as fresh', () => {
    const fresh = signingKey({}, ROOT)
    fresh.dispose()
    try {
      expect(fresh.isFresh).toBe(true)
      expect(statSync(fresh.path).mode & 0o077).toBe(0)
      expect(fresh.path.startsWith(ROOT)).toBe(false)
    } finally {
      rmSync(join(fresh.path, '..'), { recursive: true })
    }
  })

  test.each(['', 'no key', pem(1024)])('is refused if it is invalid (%#)', (text) => {
    expect(() => signingKey({ pem: text }, ROOT)).toThrow(/The key/)
  })

  test('gives the same id as in Chromium', () => {
    // Of the manifest's own key; the administrator's guide has the id that Chromium shows.
    expect(idOf(Buffer.from(manifest.key, 'base64'))).toBe('oeeccenjmembpohmlpncnaeeajjbgjcm')
  })
})

describe('the budget', () => {
  const noise = (length: number): Buffer => createHash('shake256', { outputLength: length }).digest()

  test('is for compressed sizes', () => {
    expect(overBudget(sizesOf({ 'page.js': Buffer.alloc(1_000_000) }))).toEqual([])
    expect(overBudget(sizesOf({ 'page.js': noise(16_500), 'other.js': noise(50_000) }))).toEqual([
      expect.stringMatching(/^page\.js: \d+ bytes, of 16500 allowed\.$/),
    ])
  })

  test('fails for a missing file', () => {
    expect(overBudget(sizesOf({ 'other.js': noise(10) }))).toEqual(['page.js is missing.'])
  })
})

describe('the options', () => {
  const wishes = {
    built: 'dist',
    out: 'out',
    key: '../key.pem',
    pem: undefined,
    baseUrl: 'https://it.example/signoff/',
    version: undefined,
    geckoId: 'signoff@it.example',
    signedXpi: undefined,
    mayAskMozilla: false,
    commit: 'abc',
  }

  test('are accepted if complete, and the address loses its last slash', () => {
    expect(checkedWishes(wishes)).toEqual({ ...wishes, baseUrl: 'https://it.example/signoff' })
  })

  test('that a release lacks are all named; a trial package needs none of them', () => {
    const bare = { ...wishes, key: undefined, baseUrl: EXAMPLE_URL, geckoId: undefined }
    expect(() => checkedWishes(bare)).toThrow(/--key.*\n.*--base-url.*\n.*--gecko-id/)
    expect(() => checkedWishes({ ...wishes, baseUrl: 'http://it.example' })).toThrow('--base-url')
    expect(checkedWishes({ ...bare, commit: undefined })).toMatchObject({ geckoId: undefined })
  })

  test('without a key and an address make a trial package, with a warning for both', async () => {
    const said: string[] = []
    jest.spyOn(console, 'log').mockImplementation(() => undefined)
    jest.spyOn(console, 'warn').mockImplementation((text: string) => void said.push(text))
    const built = build('for a look', (files) => files)
    const bare = { ...wishes, built, key: undefined, baseUrl: EXAMPLE_URL, geckoId: undefined, commit: undefined }
    expect(await runPackage({ ...bare, out: join(folder, 'for a look packed') })).toBe(0)
    const [, path = ''] = /a new one was made: (.*)/.exec(said.join('\n')) ?? []
    expect(path).toMatch(/key\.pem$/)
    expect(said.join('\n')).toContain(`${EXAMPLE_URL} is an example`)
    rmSync(join(path, '..'), { recursive: true })
  })

  test.each([
    [{ baseUrl: 'https://it.example/"' }, 'is not a usable address'],
    [{ version: '1.x' }, 'is not a version'],
    [{ geckoId: 'signoff' }, 'is not an add-on id'],
    [{ signedXpi: '/nowhere.xpi' }, 'There is no /nowhere.xpi'],
  ])('are refused: %j', (changes, message) => {
    expect(() => checkedWishes({ ...wishes, ...changes })).toThrow(message)
  })
})
