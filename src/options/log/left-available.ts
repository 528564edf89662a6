import type { LogEntry } from '../../domain/log-entry'
import type { Flag } from '../../domain/closes/state'
import type { OfflineAnswer, Status } from '../../protocol/ui-messages'
import type { LogStore } from '../../storage/log-store'
import type { Ask } from '../../ui/ask'
import { errorText } from '../../ui/ask'
import { h } from '../../ui/dom'
import type { FlagActions, Remedy } from '../../ui/flag-view'
import { flagButtons, flagText, flagTitle, flagTone, remedyOf } from '../../ui/flag-view'
import { formatDateTime, formatNumber } from '../../ui/format'
import type { GlyphName } from '../../ui/glyph'
import { glyph } from '../../ui/glyph'
import { t } from '../../ui/i18n'
import { reasonText } from '../../ui/log-words'
import { failure } from '../../ui/parts'
import { redrawer } from '../../ui/redraw'
import { targetName } from '../../ui/words'

type Shown = Pick<Status, 'flags' | 'recoverable' | 'retries' | 'documents'>

/** How often "2 minutes ago" is updated, in ms. */
const AGE_MS = 15_000

/**
 * The agents who may still be Available: who, since when, why, and what to do now.
 * @param now in ms since the epoch.
 * @returns asks the background (again), and shows what it says.
 */
export function leftAvailable(
  place: HTMLElement,
  ask: Ask,
  openLog: () => Promise<Pick<LogStore, 'get'>>,
  now: () => number = Date.now,
): () => Promise<void> {
  let asked = 0
  let status: Shown | null = null
  let entries: ReadonlyMap<string, LogEntry> = new Map()
  let said = ''
  /** By document: the background's last answer to the wish to go Offline. */
  const wishes = new Map<string, OfflineAnswer>()

  // If the focused element goes with its flag, the focus stays in the list.
  const redraw = redrawer(place, () => place.querySelector<HTMLElement>('#left-title'))
  const fail = (error: unknown) => {
    // What was shown before may no longer be so: the error stands until the background answers again.
    status = null
    said = ''
    redraw(() => place.replaceChildren(failure(errorText(error), again)))
  }
  const again = () => void refresh()
  const actions: FlagActions = {
    openCcp: (closeId) => void ask('open_ccp', { closeId }).catch(fail),
    recover: (closeId) => void ask('recover', { closeId }).then(refresh, fail),
    retry: (closeId) => void ask('retry_flag', { closeId }).then(refresh, fail),
    goOffline: (docId) => {
      // Show it as asked from the click on, so that a second click does not ask twice.
      wishes.set(docId, 'asked')
      draw()
      ask('go_offline', { docId })
        .then((answer) => {
          wishes.set(docId, answer)
          return refresh()
        })
        .catch((error: unknown) => {
          wishes.delete(docId)
          fail(error)
        })
    },
    dismiss: (closeId) => void ask('dismiss_flag', { closeId }).then(refresh, fail),
  }
  const draw = () => {
    if (status === null) return
    const view = leftView(status, entries, wishes, actions, now())
    // Redraw only what has changed: people read here, and may have the focus here.
    if (view.outerHTML === said) return
    said = view.outerHTML
    redraw(() => place.replaceChildren(view))
  }
  async function refresh(): Promise<void> {
    const turn = ++asked
    try {
      const answer = await ask('get_status')
      const found = await entriesOf(answer.flags, openLog)
      // A later request is under way: show its answer instead.
      if (turn !== asked) return
      status = answer
      entries = found
      // The status reports on the others, or they are no longer offered.
      for (const { docId, offlineNow } of answer.documents) if (offlineNow.is !== 'offered') wishes.delete(docId)
      draw()
    } catch (error) {
      if (turn === asked) fail(error)
    }
  }
  // Until the background answers, as high as most answers, so that nothing below moves.
  place.replaceChildren(noneView('clock', '\u00a0', '\u00a0'))
  setInterval(draw, AGE_MS)
  return refresh
}

/** The log entries of the flagged closes. A close under way has no entry yet; the section of the log reports a broken log. */
async function entriesOf(
  flags: readonly Flag[],
  openLog: () => Promise<Pick<LogStore, 'get'>>,
): Promise<ReadonlyMap<string, LogEntry>> {
  if (flags.length === 0) return new Map()
  try {
    const log = await openLog()
    const found = await Promise.all(flags.map(({ closeId }) => log.get(closeId)))
    return new Map(found.flatMap((entry) => (entry === null ? [] : [[entry.id, entry] as const])))
  } catch {
    return new Map()
  }
}

function leftView(
  status: Shown,
  entries: ReadonlyMap<string, LogEntry>,
  wishes: ReadonlyMap<string, OfflineAnswer>,
  actions: FlagActions,
  now: number,
): HTMLElement {
  const { flags } = status
  if (flags.length === 0) return noneView('check', t('leftNone'), t('leftNoneScope'))
  const count = h('span', { class: 'pill warn' }, formatNumber(flags.length))
  const newestFirst = [...flags].sort((a, b) => b.since - a.since)
  return h(
    'div',
    { class: 'left card', role: 'group', 'aria-labelledby': 'left-title' },
    h('div', { class: 'top' }, title(count), h('p', { class: 'muted' }, t('leftScope'))),
    h(
      'ul',
      {},
      ...newestFirst.map((flag) => {
        const remedy = remedyOf(flag, status)
        const wish = remedy?.kind === 'go_offline' ? wishes.get(remedy.docId) : undefined
        return flagItem(flag, { remedy, wish }, entries.get(flag.closeId), actions, now)
      }),
    ),
  )
}

function noneView(sign: GlyphName, text: string, note: string): HTMLElement {
  return h(
    'div',
    { class: 'left none card', role: 'group', 'aria-labelledby': 'left-title' },
    glyph(sign),
    h('h3', { id: 'left-title', tabindex: -1 }, text),
    h('p', { class: 'muted' }, note),
  )
}

function title(...count: readonly HTMLElement[]): HTMLElement {
  return h('h3', { id: 'left-title', tabindex: -1 }, t('leftTitle'), ...count)
}

/** What can still set a flagged agent Offline, and the result where it was tried from here. */
interface Chance {
  readonly remedy: Remedy
  readonly wish: OfflineAnswer | undefined
}

/** A sentence that explains the buttons. */
function helpText({ remedy, wish }: Chance, target: string): string {
  if (remedy?.kind === 'asking' || wish === 'asked') return t('flagAsking')
  if (wish !== undefined) return t(wish === 'declined' ? 'popupGoOfflineDeclined' : 'popupGoOfflineSilent')
  return remedy?.kind === 'recover' ? t('leftTryAgainHelp', target) : t('leftOpenHelp', target)
}

function flagItem(
  flag: Flag,
  chance: Chance,
  entry: LogEntry | undefined,
  actions: FlagActions,
  now: number,
): HTMLElement {
  const reason = entry === undefined ? null : (reasonText(entry) ?? entry.error?.type ?? null)
  const facts: readonly (readonly [string, string | Node])[] = [
    [t('leftSince'), h('time', { datetime: new Date(flag.since).toISOString() }, formatDateTime(flag.since))],
    ...(reason === null ? [] : [[t('detailReason'), reason] as const]),
    [t('colInstance'), flag.instance],
  ]
  const target = targetName(flag.target)
  return h(
    'li',
    { class: flagTone(flag) },
    glyph('warning'),
    h(
      'div',
      { class: 'what' },
      h('h4', {}, flagTitle(flag)),
      h('p', {}, flagText(flag, now)),
      h('dl', {}, ...facts.map(([name, value]) => h('div', {}, h('dt', { class: 'muted' }, name), h('dd', {}, value)))),
    ),
    h(
      'div',
      { class: 'todo' },
      flagButtons(flag, chance.wish === 'asked' ? null : chance.remedy, t('leftTryAgain', target), actions),
      h('p', { class: 'muted', role: 'status' }, helpText(chance, target)),
    ),
  )
}
