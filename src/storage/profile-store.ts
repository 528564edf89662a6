import { browser } from '../platform/browser'
import { ownStore } from './own-store'

/** In the own store: since when this profile is known, in ms since the epoch. */
const KEY = 'profile'
/** In `storage.session`: whether nothing was stored when this run began. */
const IS_NEW_KEY = 'profileIsNew'

/** Facts about the browser's profile: on a virtual desktop it may be another one each day. */
export interface ProfileFacts {
  /** Whether nothing of an earlier run was stored when this one began. */
  readonly isNew: boolean
  /** The first start on this profile, in ms since the epoch; null where none was noted. */
  readonly since: number | null
}

/** Notes a start. Call it before anything else of this run is stored. */
export async function noteStart(now: number): Promise<void> {
  const { [IS_NEW_KEY]: noted } = await browser.storage.session.get(IS_NEW_KEY)
  if (typeof noted === 'boolean') return
  // Older versions noted no start, and stored a state.
  const { [KEY]: known, sessions } = await ownStore.get([KEY, 'sessions'])
  await browser.storage.session.set({ [IS_NEW_KEY]: known === undefined && sessions === undefined })
  if (known === undefined) await ownStore.set({ [KEY]: { since: now } })
}

export async function readProfile(): Promise<ProfileFacts> {
  const [{ [IS_NEW_KEY]: isNew }, { [KEY]: profile }] = await Promise.all([
    browser.storage.session.get(IS_NEW_KEY),
    ownStore.get(KEY),
  ])
  const since = typeof profile === 'object' && profile !== null && 'since' in profile ? profile.since : null
  return { isNew: isNew === true, since: typeof since === 'number' ? since : null }
}
