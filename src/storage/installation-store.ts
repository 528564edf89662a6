import { browser } from '../platform/browser'

/** In `storage.local`: a random name of this browser profile, made when an organization asks for reports, and only then. */
const KEY = 'installation'
/** In `storage.session`: that this run of the browser has told of its start. */
const STARTED_KEY = 'fleetStarted'

/** The name; null where there is none. */
export async function readInstallation(): Promise<string | null> {
  const { [KEY]: id } = await browser.storage.local.get(KEY)
  return typeof id === 'string' ? id : null
}

/** Two who ask at once, where there is none, would each make one. */
let asking: Promise<string> | null = null

/** The name, made where there is none. */
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
  await browser.storage.local.set({ [KEY]: id })
  return id
}

/** Forgets the name: reports that come again are those of another. */
export async function forgetInstallation(): Promise<void> {
  await browser.storage.local.remove(KEY)
  await browser.storage.session.remove(STARTED_KEY)
}

/** Whether this run of the browser has told of its start. */
export async function hasToldStart(): Promise<boolean> {
  const { [STARTED_KEY]: told } = await browser.storage.session.get(STARTED_KEY)
  return told === true
}

export async function noteStartTold(): Promise<void> {
  await browser.storage.session.set({ [STARTED_KEY]: true })
}
