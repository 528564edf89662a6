import { ownStore } from './own-store'

/** In the own store: that the popup has said what it is, and the agent has read it. */
const KEY = 'introduced'

export async function isIntroduced(): Promise<boolean> {
  const { [KEY]: stored } = await ownStore.get(KEY)
  return stored === true
}

export async function noteIntroduced(): Promise<void> {
  await ownStore.set({ [KEY]: true })
}
