/** The fake browser for unit tests of the background, storage and the content script; each test gets an empty one. */
import { FakeBrowser, FakeWorld } from '../../wire/fake-browser'

export let fake: FakeBrowser
export let world: FakeWorld
let api: object

/** @param asContent what the browser knows of the unit under test, if that is a content script. */
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
