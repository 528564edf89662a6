/**
 * The path of a new administrator, by the guide's own commands: from a checkout to the first protected close, and to
 * a release. Both builds run on their own simulated machine.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { materialsOf } from '../../scripts/package/sbom'
import { filesIn } from '../../scripts/package/zip'
import { samplePolicies } from '../../scripts/policies/samples'
import type { Channel } from '../../scripts/policies/values'
import lockfile from '../../package-lock.json'
import packageJson from '../../package.json'
import { closeTabByKey, startDisplay, until } from '../browser'
import { openStage } from '../e2e/stage'
import { startUpdateServer } from '../e2e/update-server'
import { startInstance } from '../instance/instance'
import { all, read } from '../unit/docs/documents'
import type { Machine } from './machine'
import { newMachine } from './machine'

jest.setTimeout(600_000)

/** As in the guide. */
const [BASE_URL, FIREFOX_ID] = ['https://it.example/signoff', 'signoff@it.example']
const { version } = packageJson

/** The guide's commands for Linux, in their order: a key, the packages, the pilot's policy, the broad policy. */
const COMMANDS = all(read('docs/administrator-guide.md'), /^```sh linux\n([\s\S]*?)^```/gm)
const [KEY = '', PACKAGES = '', PILOT = '', BROAD = ''] = COMMANDS

let machine: Machine
const startedAt = Date.now()
beforeAll(() => void (machine = newMachine()))
afterAll(() => machine.remove())

const chromiumId = (): string => {
  const policy = JSON.parse(machine.etc.read('opt/chrome/policies/managed/signoff.json')) as Record<string, object>
  return Object.keys(policy['ExtensionSettings'] ?? {})[0] ?? ''
}
const policies = (channel: Channel): Record<string, string> =>
  samplePolicies(
    {
      chromiumId: chromiumId(),
      firefoxId: FIREFOX_ID,
      updateUrl: `${BASE_URL}/updates-${channel}.xml`,
      xpiUrl: `${BASE_URL}/ccp-signoff-${version}.xpi`,
    },
    channel,
  )

it('every Linux command of the guide works as printed', () => {
  expect(COMMANDS).toHaveLength(4)
  machine.run(KEY)
  const said = machine.run(PACKAGES, { TZ: 'UTC' })
  expect(said).toContain('id in Chromium:')
  expect(said).toMatch(/errors +0\s+notices +0\s+warnings +0/)
  expect(said).not.toContain('WARNING')
  machine.run(PILOT)
  const pilot = policies('pilot')
  expect(machine.etc.read('opt/chrome/policies/managed/signoff.json')).toBe(pilot['chrome/linux.json'])
  expect(machine.etc.read('chromium/policies/managed/signoff.json')).toBe(pilot['chrome/linux.json'])
  expect(machine.etc.read('opt/edge/policies/managed/signoff.json')).toBe(pilot['edge/linux.json'])
  expect(machine.etc.read('firefox/policies/policies.json')).toBe(pilot['firefox/policies.json'])
})

it('the quick start has only commands of the guide', () => {
  const known = COMMANDS.flatMap((commands) => commands.split('\n'))
  const quick = all(read('docs/quick-start.md'), /^ *```sh\n([\s\S]*?)^ *```/gm).flatMap((text) => text.split('\n'))
  const commands = quick.map((line) => line.trim()).filter((line) => line !== '')
  expect(commands).toHaveLength(4)
  expect(commands.filter((line) => !known.includes(line))).toEqual([])
})

it('policies are replaced by overwriting: without a policy Chromium removes an extension with its log', () => {
  const lines = BROAD.trim().split('\n')
  expect(lines).toHaveLength(4)
  expect(lines.filter((line) => !line.startsWith('cp dist/packages/policies/broad/'))).toEqual([])
})

it('a browser on this machine observes the first close, and sets the agent Offline once the pilot is over', async () => {
  const stops: (() => Promise<unknown>)[] = []
  try {
    await observeAndAct(stops)
  } finally {
    // All of them, whatever has failed: Jest waits for servers that are still open.
    for (const stop of stops.reverse()) await stop()
  }
})

/** @param stops what is to be stopped afterwards, in the reverse order. */
async function observeAndAct(stops: (() => Promise<unknown>)[]): Promise<void> {
  const server = await startUpdateServer('it.example')
  stops.push(() => server.close())
  const instance = await startInstance()
  stops.push(() => instance.close())
  const display = await startDisplay()
  stops.push(() => display.stop())
  server.publish(join(machine.repository, 'dist/packages'))
  // No debugger may inspect an extension installed by policy unless policy allows it; Chromium reads every file of
  // the folder.
  machine.etc.write('chromium/policies/managed/test.json', JSON.stringify({ DeveloperToolsAvailability: 1 }))
  const hosts = instance.hosts.map((host) => `MAP ${host} 127.0.0.1:${instance.port}`)
  const rules = [`MAP it.example 127.0.0.1:${server.port}`, ...hosts, 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1']
  const stage = await openStage({
    browser: 'chromium',
    on: { instance, display },
    policy: { machine: { program: machine.program('/usr/bin/chromium') }, extensionId: chromiumId() },
    extraArgs: [
      `--host-resolver-rules=${rules.join(', ')}`,
      `--ignore-certificate-errors-spki-list=${instance.spki},${server.spki}`,
    ],
  })
  stops.push(() => stage.close())
  const closeCcp = async () => {
    const before = await stage.log()
    const ccp = await stage.openAvailable(instance.url.ccp('v1', { signInAs: 'alice' }))
    await closeTabByKey(ccp)
    return (await stage.newEntries(before))[0]
  }
  const mode = () => stage.browser.extension.evaluateInBackground(() => chrome.storage.managed.get())
  await until("the pilot's policy", async () => (await mode())['mode'] === 'observe', { timeout: 60_000 })
  expect(await closeCcp()).toMatchObject({ outcome: 'not_needed', reason: 'mode_observe', would: 'set_offline' })
  expect(instance.agent('alice').state().type).toBe('routable')

  machine.run(BROAD)
  expect(machine.etc.read('chromium/policies/managed/signoff.json')).toBe(policies('broad')['chrome/linux.json'])
  await until("everybody's policy", async () => (await mode())['mode'] === 'act', { timeout: 60_000 })
  expect(await closeCcp()).toMatchObject({ outcome: 'confirmed' })
  expect(instance.agent('alice').state().type).toBe('offline')
  expect((await stage.log()).map(({ reason }) => reason)).toContain('mode_observe')
  const seconds = Math.round((Date.now() - startedAt) / 1_000)
  console.info(`From a checkout to the first protected close, without a person's time: ${seconds} s`)
}

it('`npm run release` builds the same files from the same code, in another time zone too, plus notes', () => {
  const one = filesIn(join(machine.repository, 'dist/packages'))
  mkdirSync(join(machine.repository, 'out'), { recursive: true })
  machine.run(`sed -i 's/^## \\[Unreleased\\]/## [${version}]/' CHANGELOG.md
    git -c user.name=test -c user.email=test@it.example commit --quiet --all --message 'Release ${version}'`)
  const release = PACKAGES.split('\n')[0]?.replace('npm run package --', 'npm run release -- --out out/release') ?? ''
  expect(release).toMatch(/^npm run release -- --out out\/release --key /)
  const said = machine.run(`${release}\n(cd out/release && sha256sum --check --quiet SHA256SUMS)`, { TZ: 'Asia/Tokyo' })
  expect(said).toMatch(/errors +0\s+notices +0\s+warnings +0/)
  const { 'RELEASE-NOTES.md': notes, SHA256SUMS: sums, ...two } = filesIn(join(machine.repository, 'out/release'))
  const { SHA256SUMS: sumsOfOne, ...rest } = one
  // A release also contains the watchdog.
  const watchdog = Object.keys(two).filter((file) => file.startsWith('ccp-signoff-watchdog-'))
  expect(watchdog).toEqual(['template.json', 'zip'].map((end) => `ccp-signoff-watchdog-${version}.${end}`))
  const same = Object.fromEntries(Object.entries(two).filter(([file]) => !watchdog.includes(file)))
  expect(Object.keys(same)).toEqual(Object.keys(rest))
  expect(same).toEqual(rest)
  expect(textOf(sums).split('\n')).toEqual(expect.arrayContaining(textOf(sumsOfOne).split('\n')))
  expect(textOf(notes)).toContain(chromiumId())
  expect(textOf(notes)).toContain(FIREFOX_ID)
  const name = `ccp-signoff-${version}`
  const made = ['.crx', '.xpi', '-chrome.zip', '-firefox.zip', '-policies.zip', '.cdx.json'].map((end) => name + end)
  expect(Object.keys(two)).toEqual(
    expect.arrayContaining([
      ...made,
      ...['pilot', 'broad'].flatMap((to) => [`updates-${to}.xml`, `updates-${to}.json`]),
    ]),
  )
})

it('a release is refused with uncommitted changes', () => {
  machine.run('touch not-committed')
  expect(() => machine.run('npm run release -- --key ../signoff-key.pem')).toThrow('A release is made from a commit')
})

it('bundled packages are passed on with their licences', () => {
  const xpi = readFileSync(join(machine.repository, 'dist/packages', `ccp-signoff-${version}.xpi`))
  const licences = materialsOf(lockfile).map(({ name }) => `licenses/${name.replace('/', '-')}.txt`)
  const packed = Object.keys(unzipSync(xpi)).filter((file) => file.startsWith('licenses/'))
  expect(packed.sort()).toEqual(licences.sort())
})

function textOf(file: Uint8Array | undefined): string {
  return Buffer.from(file ?? []).toString()
}

/** The part of the extension API that is used here. */
declare const chrome: { storage: { managed: { get(): Promise<Record<string, unknown>> } } }
