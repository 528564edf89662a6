import { browser } from '../platform/browser'
import { ownStore } from './own-store'

/** In the own store: a random id of this browser profile, made only when an organization asks for reports. */
const KEY = 'installation'
/** In `storage.session`: whether this run of the browser has reported its start. */
const STARTED_KEY = 'fleetStarted'

/** The id, or null. */
export async function readInstallation(): Promise<string | null> {
  const { [KEY]: id } = await ownStore.get(KEY)
  return typeof id === 'string' ? id : null
}

/** Two callers at once would each create one. */
let asking: Promise<string> | null = null

/** The id; created where it is missing. */
export function installationId(): Promise<string> {
  asking ??= readOrMake().finally(() => {
    asking = null
  })
  return asking
}

async function readOrMake(): Promise<string> {
  const known = await readInstallation()
  if (known !== null) return known
  const id = crypto.randomUUID()
  await ownStore.set({ [KEY]: id })
  return id
}

/** Deletes the id: later reports are those of another profile. */
export async function forgetInstallation(): Promise<void> {
  await ownStore.remove(KEY)
  await browser.storage.session.remove(STARTED_KEY)
}

/** Whether this run of the browser has reported its start. */
export async function isStartReported(): Promise<boolean> {
  const { [STARTED_KEY]: reported } = await browser.storage.session.get(STARTED_KEY)
  return reported === true
}

export async function noteStartReported(): Promise<void> {
  await browser.storage.session.set({ [STARTED_KEY]: true })
}
