import { ownStore } from './own-store'

/** In the own store: whether the agent has read the popup's introduction. */
const KEY = 'introduced'

export async function isIntroduced(): Promise<boolean> {
  const { [KEY]: stored } = await ownStore.get(KEY)
  return stored === true
}

export async function noteIntroduced(): Promise<void> {
  await ownStore.set({ [KEY]: true })
}
