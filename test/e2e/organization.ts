import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Packages } from '../../scripts/package/package'
import { makePackages } from '../../scripts/package/package'
import { signingKey } from '../../scripts/package/key'
import { samplePolicies } from '../../scripts/policies/samples'
import type { SettingsStatus, Status, UiAnswer, UiRequest } from '../../src/protocol/ui-messages'
import manifest from '../../manifest.json'
import type { Browser, BrowserName } from '../browser'
import { machinePolicy, until } from '../browser'
import { inChromeScope } from '../browser/chrome-scope'
import { shipped } from './builds'
import type { Stage } from './stage'
import { openStage } from './stage'
import { startUpdateServer } from './update-server'

type Values = Readonly<Record<string, unknown>>

/** An organization that installs the extension by policy from its own server. */
export interface Organization {
  readonly stage: Stage
  /** Asks the background as a page of the extension would. */
  ask<R>(request: Omit<UiRequest, 'kind'> & Values): Promise<UiAnswer<R>>
  settings(): Promise<SettingsStatus>
  status(): Promise<Status>
  /** Changes the policy; resolves when the browser has it: Firefox reads policies only at its start. */
  decide(values: Values): Promise<void>
  /** Serves this code under another version, and has it installed; resolves when it runs. */
  update(version: string): Promise<void>
  /** Chromium: serves this code under another version; resolves when the browser has announced it to the extension. */
  offer(version: string): Promise<void>
  version(): Promise<string | undefined>
  close(): Promise<void>
}

export async function openOrganization(name: BrowserName, version: string, first: Values): Promise<Organization> {
  const folder = mkdtempSync(join(tmpdir(), 'organization-'))
  const server = await startUpdateServer()
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = signingKey({ pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }, folder)
  let values = first
  let packages = await publish(version)
  const machine = await machinePolicy(name, policyOf(name, packages, values))
  const extensionId = name === 'chromium' ? packages.chromiumId : manifest.browser_specific_settings.gecko.id
  const profileDir = join(folder, 'profile')
  const stage = await openStage({ browser: name, profileDir, policy: { machine, extensionId } })

  async function publish(next: string): Promise<Packages> {
    const out = join(folder, `packages-${next}`)
    const made = await makePackages({ built: dirname(shipped(name)), out, key, baseUrl: server.url, version: next })
    server.publish(out)
    return made
  }
  /**
   * Waits until the browser has the policy. Asks in the background, because opening tabs keeps delaying it in
   * Chromium.
   */
  async function delivered(): Promise<void> {
    await until('the policy', async () => {
      const given = await stage.browser.extension.evaluateInBackground(() => chrome.storage.managed.get())
      return JSON.stringify(sorted(given)) === JSON.stringify(sorted(values))
    })
  }
  await delivered()

  const organization: Organization = {
    stage,
    ask: async (request) => {
      const message = { kind: 'ui', ...request }
      return stage.browser.extension.readStore(
        (text: string) => chrome.runtime.sendMessage(JSON.parse(text) as object) as Promise<never>,
        JSON.stringify(message),
      )
    },
    settings: async () => valueOf(await organization.ask<SettingsStatus>({ type: 'get_settings' })),
    status: async () => valueOf(await organization.ask<Status>({ type: 'get_status' })),
    decide: async (next) => {
      values = next
      await machine.write(policyOf(name, packages, values))
      if (name === 'firefox') await stage.restart()
      await delivered()
    },
    update: async (next) => {
      packages = await publish(next)
      await stage.leaveStore()
      if (name === 'firefox') {
        await machine.write(policyOf(name, packages, values))
        await stage.restart()
      } else {
        await stage.browser.extension.evaluateInBackground(() => void chrome.runtime.requestUpdateCheck())
      }
      await until(`version ${next}`, async () => (await organization.version()) === next, {
        timeout: 30_000,
        each: 3_000,
      })
    },
    offer: async (next) => {
      packages = await publish(next)
      await stage.leaveStore()
      await stage.browser.extension.evaluateInBackground(
        () =>
          new Promise<void>((resolve) => {
            chrome.runtime.onUpdateAvailable.addListener(() => resolve())
            void chrome.runtime.requestUpdateCheck()
          }),
      )
    },
    version: () => installedVersion(stage.browser),
    close: async () => {
      await stage.close()
      await machine.remove()
      await server.close()
      key.dispose()
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
  return organization
}

/** In Firefox the event page is not asked, since one that is replaced meanwhile never answers. */
function installedVersion({ name, driver, extension }: Browser): Promise<string | undefined> {
  return name === 'firefox'
    ? inChromeScope(driver, (id: string) => WebExtensionPolicy.getByID(id)?.extension.version, extension.id)
    : extension.evaluateInBackground(() => chrome.runtime.getManifest().version)
}

/** The sample policy of the packages, with other values. */
function policyOf(name: BrowserName, { updateUrl, ...packages }: Packages, values: Values): object {
  const { chromiumId } = packages
  const samples = samplePolicies({ ...packages, updateUrl: updateUrl.pilot }, 'pilot')
  if (name === 'firefox') {
    const { policies } = JSON.parse(samples['firefox/policies.json'] ?? '') as FirefoxSample
    const [id = ''] = Object.keys(policies['3rdparty'].Extensions)
    return { policies: { ...policies, '3rdparty': { Extensions: { [id]: values } } } }
  }
  const sample = JSON.parse(samples['chrome/linux.json'] ?? '') as object
  // Otherwise no debugger may inspect an extension installed by policy.
  return { ...sample, DeveloperToolsAvailability: 1, '3rdparty': { extensions: { [chromiumId]: values } } }
}

interface FirefoxSample {
  readonly policies: { readonly '3rdparty': { readonly Extensions: Readonly<Record<string, unknown>> } }
}

function valueOf<T>(answer: UiAnswer<T>): T {
  if (!answer.ok) throw new Error(answer.error)
  return answer.value
}

function sorted(values: Values): [string, unknown][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** The browser's own objects that are used here. */
declare const WebExtensionPolicy: { getByID(id: string): { extension: { version: string } } | null }

/** The part of the extension API that is used here; Firefox has it under this name too. */
declare const chrome: {
  runtime: {
    sendMessage(message: object): Promise<unknown>
    getManifest(): { version: string }
    requestUpdateCheck(): Promise<unknown>
    onUpdateAvailable: { addListener(listener: () => void): void }
  }
  storage: { managed: { get(): Promise<Values> } }
}
