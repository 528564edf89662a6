/** The browser that units of the background, of storage and of the content script see: one that every test empties. */
import { FakeBrowser, FakeWorld } from '../../wire/fake-browser'

export let fake: FakeBrowser
export let world: FakeWorld
let api: object

/** @param asContent whether the unit at hand is a content script, and what the browser knows of it. */
export function renewBrowser(asContent?: Parameters<FakeBrowser['contentWorld']>): void {
  fake = new FakeBrowser()
  world = asContent === undefined ? new FakeWorld() : fake.contentWorld(...asContent)
  if (asContent === undefined) fake.background = world
  api = fake.api(world)
}
renewBrowser()

export const ownStore = new Proxy(
  {},
  { get: (_target, name) => Reflect.get(Reflect.get(api, 'ownStore') as object, name) as unknown },
)
export const browser = new Proxy({}, { get: (_target, name) => Reflect.get(api, name) as unknown })
