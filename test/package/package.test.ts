import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { materialsOf } from '../../scripts/package/sbom'
import { filesIn } from '../../scripts/package/zip'
import lockfile from '../../package-lock.json'
import packageJson from '../../package.json'

const ROOT = join(__dirname, '../..')
jest.setTimeout(180_000)

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'packages-'))))
afterAll(() => rmSync(folder, { recursive: true }))

/** Builds and packs, as an administrator does. */
function pack(out: string, env: NodeJS.ProcessEnv): { status: number | null; text: string } {
  const args = ['run', '--silent', 'package', '--', '--out', join(folder, out), '--base-url', 'https://it.example/so/']
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, SIGNOFF_KEY: undefined, SIGNOFF_KEY_FILE: undefined, ...env },
  })
  return { status, text: stdout + stderr }
}

it('twice the same commit with the same key gives the same bytes, in another time zone too', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const SIGNOFF_KEY = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const first = pack('one', { SIGNOFF_KEY, TZ: 'UTC' })
  expect(first).toEqual({ status: 0, text: expect.stringContaining('id in Chromium:') as string })
  expect(first.text).not.toContain('WARNING')
  expect(first.text).toMatch(/errors +0\s+notices +0\s+warnings +0/)
  const second = pack('two', { SIGNOFF_KEY, TZ: 'Asia/Tokyo' })
  expect(second.status).toBe(0)
  const [one, two] = [filesIn(join(folder, 'one')), filesIn(join(folder, 'two'))]
  expect(Object.keys(two)).toEqual(Object.keys(one))
  expect(readFileSync(join(folder, 'two/SHA256SUMS'), 'utf8')).toBe(
    readFileSync(join(folder, 'one/SHA256SUMS'), 'utf8'),
  )
  expect(two).toEqual(one)
  // What is bundled may be passed on with its licence alone.
  const [, xpi] = Object.entries(one).find(([file]) => file.endsWith('.xpi')) ?? []
  const packed = Object.keys(unzipSync(xpi ?? new Uint8Array()))
  const licences = materialsOf(lockfile).map(({ name }) => `licenses/${name.replace('/', '-')}.txt`)
  expect(packed.filter((file) => file.startsWith('licenses/')).sort()).toEqual(licences.sort())
  expect(Object.keys(one)).toContain(`ccp-signoff-${packageJson.version}.cdx.json`)
})

it('a fresh key is warned of', () => {
  const { status, text } = pack('fresh', {})
  expect(status).toBe(0)
  const [, path = ''] = /a fresh one was made: (.*)/.exec(text) ?? []
  expect(path).toMatch(/key\.pem$/)
  expect(path.startsWith(ROOT)).toBe(false)
  rmSync(join(path, '..'), { recursive: true })
})
