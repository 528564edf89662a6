import type { JournalEntry } from '../../test/instance/instance'
import type { Scene } from './scene'
import { tell } from './tell'

interface Agent {
  readonly username: string
  readonly name: string
}

/** How often the log is read. */
const LOOK_MS = 500

/**
 * Opens a CCP and the log, suggests what to try, and prints what Connect and the log record, until the browser exits.
 */
export async function letPlay(scene: Scene, agents: readonly [Agent, ...Agent[]]): Promise<void> {
  const { instance, browser, display } = scene
  await browser.extension.openPage('options.html#log')
  await scene.openCcp(agents[0].username)

  tell.heading('Open now: the CCP of ' + agents[0].name + ', Available, and the log of the extension')
  if (display.name !== process.env['DISPLAY']) {
    tell.line(`DISPLAY is not set, so the windows are on the virtual display ${display.name}.`)
    tell.line(`To watch, start x11vnc -localhost -display ${display.name} and connect a VNC viewer.`)
  }
  const sites = agents.flatMap(({ username, name }): (readonly [string, string])[] => [
    [name, instance.url.ccp('v1', { signInAs: username })],
    ['', instance.url.ccp('v2', { signInAs: username, host: 'modern' })],
  ])
  for (const [name, url] of sites) tell.pair(name, url)
  tell.pair('in frames', instance.url.agentApp({ signInAs: agents[0].username }))
  tell.pair('log', `${browser.extension.origin}/options.html#log`)

  tell.heading('To try')
  tell.line('Close the window of the CCP, or its tab; reload it; click Log out in it; go to another page.')
  tell.line('Set the status to Lunch first: a close then does not change it.')
  tell.line('Sign in as both agents in two tabs; quit the browser; read the log.')
  tell.line('Set "When a CCP closes" to "Observe only" in the settings.')

  tell.heading('What happens (Ctrl+C ends it)')
  const stop = instance.journal.watch(tellStates)
  const watch = tellLog(scene)
  try {
    await untilExit(scene)
  } finally {
    stop()
    clearInterval(watch)
  }
}

function tellStates(entry: JournalEntry): void {
  if (entry.kind !== 'state') return
  tell.moment(null, 'Connect', `recorded ${entry.agent} ${entry.to.name}, after ${entry.from.name}`)
}

function tellLog(scene: Scene): NodeJS.Timeout {
  let revision = ''
  let told: string | null = null
  const look = async (): Promise<void> => {
    const now = await scene.logRevision()
    if (now === revision) return
    revision = now
    const { lastEntry } = await scene.status()
    if (lastEntry === null || lastEntry.id === told) return
    told = lastEntry.id
    const { username, outcome, evidence, cause } = lastEntry
    tell.moment(null, 'log', `${username}: ${outcome}, evidence ${evidence}, cause ${cause}`)
  }
  return setInterval(() => {
    look().catch(() => {
      // The user may close the page that this asks.
    })
  }, LOOK_MS)
}

async function untilExit({ browser }: Scene): Promise<void> {
  if (browser.hasExited()) return
  await new Promise<void>((resolve) => browser.process.once('exit', () => resolve()))
}
