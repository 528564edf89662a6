import type { AgentKey } from '../../domain/agent'
import { agentKey } from '../../domain/agent'
import { amendmentBy, entryOf } from '../../domain/heartbeat/watchdog-act'
import type { Presence } from '../../domain/heartbeat/presence'
import type { WatchdogAct } from '../../domain/heartbeat/heartbeat-status'
import type { Amendment } from '../../domain/log-entry'
import type { CcpEvent } from '../../domain/closes/events'
import { flagsOf } from '../../domain/closes/flags'
import type { CloseState } from '../../domain/closes/state'
import { browser } from '../../platform/browser'
import { notify } from '../../platform/notify'
import { text } from '../../platform/text'
import type { Act } from '../../protocol/heartbeat'
import { readActs, writeAct } from '../../storage/heartbeat-store'
import { openLog } from '../../storage/log-store'
import { loadSettings } from '../../storage/settings-store'
import { openCcp } from '../ccp-tabs'

export interface WatchdogActsParts {
  readonly state: () => Promise<CloseState>
  readonly dispatch: (event: CcpEvent) => Promise<unknown>
  /** Writes an amendment to the log, and reports it. */
  readonly amend: (amendment: Amendment) => Promise<void>
}

const NOTICE = 'watchdog:'
/** The entry of a close of this machine is among this many, unless it is very old. */
const ENTRIES_LOOKED_AT = 200

/** No entry of a close is written later than this after the watchdog's act, in ms. */
const RECENT_MS = 24 * 60 * 60_000

/** What the watchdog did, as the answers to heartbeats report it: the log says who set the state, and the agent is notified. */
export class WatchdogActs {
  constructor(private readonly parts: WatchdogActsParts) {}

  /** Listens on the first tick of the worker. */
  listen(): void {
    const handle = (id: string): void => {
      if (id.startsWith(NOTICE)) void this.open(id.slice(NOTICE.length))
    }
    browser.notifications.onClicked.addListener(handle)
    // Firefox has no buttons on notifications, and no event for them.
    ;(browser.notifications as Partial<typeof browser.notifications>).onButtonClicked?.addListener(handle)
  }

  /**
   * Takes an act from an answer; a repetition does nothing. Throws where it could not be noted: the next answer repeats it.
   * @param offset how far this machine's clock is ahead of AWS's, in ms.
   */
  async learn({ offset, ...heard }: Act & { readonly offset: number }, presence: Presence): Promise<void> {
    const { key, username } = presence
    const known = (await readActs())[key]
    const isKnown = known?.id === heard.id
    // Once noted, its times do not change: each answer would give them again, some ms apart.
    const times = isKnown
      ? { at: known.at, since: known.since }
      : { at: heard.at + offset, since: heard.since + offset }
    const act: WatchdogAct = { ...heard, ...times, username }
    const isChange = !isKnown || (act.isConfirmed && !known.isConfirmed)
    const isLogged = (isChange ? false : known.isLogged) || (await this.log(key, act))
    const isNotified = (isKnown && known.isTold) || (await this.tell(act, presence))
    if (isChange || isLogged !== known.isLogged || isNotified !== known.isTold) {
      await writeAct(key, { ...act, isLogged, isTold: isNotified })
    }
  }

  /** Called with each change of the state: the entry of a close may be written after its act was learned. */
  async catchUp(): Promise<void> {
    for (const [key, act] of Object.entries(await readActs())) {
      const isRecent = Math.abs(Date.now() - act.at) < RECENT_MS
      if (!act.isLogged && isRecent && (await this.log(key, act))) await writeAct(key, { ...act, isLogged: true })
    }
  }

  /** @returns whether the log says it; the entry of that close may not be written yet. */
  private async log(key: AgentKey, act: WatchdogAct): Promise<boolean> {
    const entry = entryOf(key, act, await (await openLog()).newest(ENTRIES_LOOKED_AT))
    if (entry === null) return false
    await this.parts.amend(amendmentBy(act, entry))
    // Connect has shown Offline: nobody need look after that agent any more.
    const isFlagged = flagsOf(await this.parts.state()).some(({ closeId }) => closeId === entry.id)
    if (act.isConfirmed && isFlagged) {
      await this.parts.dispatch({ type: 'dismiss_flag', at: Date.now(), closeId: entry.id })
    }
    return true
  }

  /** @returns whether nothing more is to be done: the agent was notified, or has chosen another state themselves. */
  private async tell(act: WatchdogAct, { key, open, isAvailable }: Presence): Promise<boolean> {
    if (open === 0) return false
    const { settings } = await loadSettings()
    if (isAvailable || !settings.notify) return true
    const time = (at: number): string => new Date(at).toLocaleTimeString(browser.i18n.getUILanguage(), TIME)
    await notify({
      id: NOTICE + key,
      title: text('awayToldTitle'),
      message: text('watchdogToldBody', time(act.since), time(act.at)),
      button: text('notifyOpenCcp'),
    })
    return true
  }

  private async open(key: AgentKey): Promise<void> {
    const state = await this.parts.state()
    const doc = Object.values(state.documents).find(
      ({ agent, instance, gone }) => gone === null && agent !== null && agentKey(instance, agent) === key,
    )
    await browser.notifications.clear(NOTICE + key)
    if (doc !== undefined) await openCcp(state, doc.instance, doc.url)
  }
}

const TIME = { hour: '2-digit', minute: '2-digit' } as const
