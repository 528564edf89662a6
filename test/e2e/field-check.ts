import type { BrowserName, Display } from '../browser'
import { startDisplay, until } from '../browser'
import type { Instance } from '../instance/instance'
import { startInstance } from '../instance/instance'
import type { World } from '../instance/world/axes'
import { readWorld } from '../instance/world/read-world'
import { audit } from './audit'
import { shipped } from './builds'
import { FieldPerson, RESTORED } from './field-person'
import { openStage } from './stage'
import { fieldWorlds } from './worlds/field-worlds'

/** How many worlds are checked: one, or all of them by `npm run worlds -- --field`. */
const WORLDS = Number(process.env['SIGNOFF_FIELD_WORLDS'] ?? 1)
/** Parallel browsers. A check takes three minutes, most of it waiting. */
const AT_ONCE = 4

interface Place {
  readonly world: World
  readonly alias: string
  readonly username: string
}

/** The field check as a person runs it, in instances of several worlds, each in its own browser. */
export function describeFieldCheck(name: BrowserName): void {
  const places = fieldWorlds(name, WORLDS).map((world, nth): Place => ({
    world,
    alias: `field-${nth}`,
    username: `tester${nth}`,
  }))
  let instance: Instance
  let display: Display
  let plays: readonly Promise<void>[] = []

  beforeAll(async () => {
    const tenants = places.map(({ world, alias, username }) => ({
      alias,
      world,
      streamsV2: '2.28' as const,
      inboundQueues: [],
      agents: [{ username, state: 'Training' }],
    }))
    instance = await startInstance({ tenants })
    display = await startDisplay()
    plays = sideBySide(places, AT_ONCE, play)
  }, 240_000)
  afterAll(async () => {
    await Promise.allSettled(plays)
    await display.stop()
    await instance.close()
  }, 240_000)

  async function play(place: Place): Promise<void> {
    const { alias, username, world } = place
    const stage = await openStage({ browser: name, extensionDir: shipped(name), on: { instance, display } })
    try {
      const person = new FieldPerson(stage)
      const agent = instance.agent(username, alias)
      const puts = (): number =>
        instance.journal.requests.filter((call) => call.alias === alias && call.operation === 'PutAgentState').length
      await stage.browser.newWindow(instance.url.ccp('v2', { alias, signInAs: username }))
      await stage.document(username)
      await person.open()
      await person.play('read')
      expect(puts()).toBe(0)
      await person.play('statuses')
      await person.says(RESTORED)
      expect(agent.visibleState().name).toBe('Training')

      const text = await person.file()
      const file = JSON.parse(text) as { world: Partial<World>; statusRestored: string }
      expect(file.statusRestored).toBe('restored')
      expect({ ...world, ...file.world }).toEqual(world)
      expect(readWorld(file)).toEqual(world)
      for (const secret of [username, alias, 'Training', 'Lunch', 'arn:', 'https:']) expect(text).not.toContain(secret)
      if (place !== places[0]) return
      await audit(person.page, 'field-check')
      if (name === 'chromium') for (const paper of PAPER) expect(await pagesOn(paper, person)).toBe(1)

      // While the status is changed, the page with the button and the background die.
      await person.begin('statuses')
      await until('Available', () => agent.visibleState().type === 'routable', { timeout: 60_000 })
      await person.leave()
      await stage.browser.extension.stopBackground()
      await until('Training again', () => agent.visibleState().name === 'Training', { timeout: 150_000 })
      await person.open()
      await person.says(RESTORED, 120_000)
    } finally {
      await stage.close()
    }
  }

  it.each(places.map((place, nth) => [nth + 1, JSON.stringify(place.world)] as const))(
    'measures each axis, restores the status, and exports a file of world %i: %s',
    async (nth) => {
      await plays[nth - 1]
    },
    900_000,
  )
}

const PAPER = ['a4', 'letter'] as const

/** The number of pages of the printed result. */
async function pagesOn(format: (typeof PAPER)[number], person: FieldPerson): Promise<number> {
  // The browser's own dialog would wait for a person.
  await person.page.evaluate(() => {
    window.print = () => undefined
  })
  await person.press('field-print')
  const file = Buffer.from(await person.page.driver.pdf({ format })).toString('latin1')
  return Number(/\/Type \/Pages\s+\/Count (\d+)/.exec(file)?.[1])
}

/** Works through a list, with this many items in parallel. */
function sideBySide<T, R>(all: readonly T[], atOnce: number, work: (one: T) => Promise<R>): Promise<R>[] {
  const ended: Promise<unknown>[] = []
  return all.map((one, nth) => {
    const done = (ended[nth - atOnce] ?? Promise.resolve()).then(() => work(one))
    ended.push(done.catch(() => undefined))
    return done
  })
}
