import { mayDeleteLog } from '../../domain/policy'
import type { Settings } from '../../domain/settings'
import type { SettingsStatus } from '../../protocol/ui-messages'
import { MAX_AGE_MS, MAX_RECORDS } from '../../domain/fleet/send-schedule'
import type { DataInventory } from '../../storage/data-inventory'
import type { Ask } from '../../ui/ask'
import { errorText } from '../../ui/ask'
import { h } from '../../ui/dom'
import { formatDateTime, formatNumber } from '../../ui/format'
import { glyph } from '../../ui/glyph'
import type { MessageKey } from '../../ui/i18n'
import { locale, t, tCount } from '../../ui/i18n'
import { failure } from '../../ui/parts'
import { confirm } from './confirm'

const DAY_MS = 24 * 60 * 60_000

export interface InventoryPlaces {
  readonly view: HTMLElement
  readonly dialog: HTMLDialogElement
}

export interface InventorySection {
  /** Takes whether the section is shown: data is read only while it is. */
  show(isShown: boolean): void
  /** Reads again what is stored. */
  refresh(): Promise<void>
}

/** What is stored about people, for how long and who gets it, with current figures, and the button that deletes the log. */
export function inventorySection(
  { view, dialog }: InventoryPlaces,
  ask: Ask,
  readDataInventory: () => Promise<DataInventory>,
): InventorySection {
  let isShown = false
  let asked = 0
  const said = h('p', { role: 'status', class: 'notice-line' })
  const cards = h('div', { class: 'kept' })
  view.replaceChildren(said, cards)

  const draw = (inventory: DataInventory, status: SettingsStatus) => {
    const hadFocus = document.activeElement?.id === 'kept-delete'
    cards.replaceChildren(...inventoryCards(inventory, status, askToDelete))
    if (hadFocus) document.getElementById('kept-delete')?.focus()
  }
  const askToDelete = () => {
    said.textContent = ''
    const words = {
      title: 'logClearTitle',
      text: 'keptDeleteText',
      agree: 'logClearConfirm',
      cancel: 'logClearCancel',
    } as const
    // The button from which the dialog was opened may have been drawn again meanwhile.
    dialog.addEventListener('close', () => document.getElementById('kept-delete')?.focus(), { once: true })
    confirm(dialog, words, async () => {
      await ask('clear_log')
      said.textContent = t('keptDeleted')
      await refresh()
    })
  }
  async function refresh(): Promise<void> {
    if (!isShown) return
    const turn = ++asked
    view.setAttribute('aria-busy', 'true')
    try {
      const [inventory, status] = await Promise.all([readDataInventory(), ask('get_settings')])
      if (turn === asked) draw(inventory, status)
    } catch (error) {
      if (turn === asked) cards.replaceChildren(failure(errorText(error), () => void refresh()))
    } finally {
      if (turn === asked) view.removeAttribute('aria-busy')
    }
  }
  return {
    show: (next) => {
      isShown = next
      if (!next) return
      said.textContent = ''
      void refresh()
    },
    refresh,
  }
}

function inventoryCards(inventory: DataInventory, status: SettingsStatus, askToDelete: () => void): HTMLElement[] {
  const { log, openCcps: sessions, flags, rest, settings, tokens, outbox } = inventory
  const nobody = t('keptNobody')
  const { otlpEndpoint } = status.settings
  const collector = otlpEndpoint === '' ? nobody : t('keptCollector', new URL(otlpEndpoint).origin)
  return [
    card(
      'log',
      'keptLogTitle',
      'keptLogText',
      [
        ['keptNow', logText(log)],
        ['keptUntil', retentionText(status.settings, status.managed.includes('retentionDays'))],
        ['keptWho', collector],
      ],
      deletion(log.count, status, askToDelete),
    ),
    card('open', 'keptOpenTitle', 'keptOpenText', [
      [
        'keptNow',
        `${tCount('keptCcps', sessions.documents, formatNumber(sessions.documents))}, ${formatBytes(sessions.bytes)}`,
      ],
      ['keptUntil', t('keptOpenUntil')],
      ['keptWho', nobody],
    ]),
    card('flags', 'keptFlagsTitle', 'keptFlagsText', [
      ['keptNow', tCount('keptFlags', flags, formatNumber(flags))],
      ['keptUntil', t('keptFlagsUntil')],
      ['keptWho', collector],
    ]),
    ...(otlpEndpoint === '' && outbox.waiting === 0
      ? []
      : [
          card('outbox', 'keptOutboxTitle', 'keptOutboxText', [
            ['keptNow', formatNumber(outbox.waiting)],
            ['keptUntil', t('keptOutboxUntil', formatNumber(MAX_AGE_MS / DAY_MS), formatNumber(MAX_RECORDS))],
            ['keptWho', collector],
          ]),
        ]),
    card('settings', 'navSettings', 'keptSettingsText', [
      ['keptNow', formatBytes(settings.bytes)],
      ['keptUntil', t('keptSettingsUntil')],
      ['keptWho', nobody],
    ]),
    card('tokens', 'keptTokensTitle', 'keptTokensText', [
      ['keptNow', tCount('keptTokens', tokens, formatNumber(tokens))],
      ['keptUntil', t('keptTokensUntil')],
      ['keptWho', t('keptInstanceAlone')],
    ]),
    card('rest', 'keptRestTitle', 'keptRestText', [
      ['keptNow', formatBytes(rest.bytes)],
      ['keptUntil', t('keptRestUntil')],
      ['keptWho', nobody],
    ]),
    card('sent', 'keptSentTitle', 'keptSentText', [['keptWho', t('keptInstanceAlone')]]),
  ]
}

function card(
  id: string,
  title: MessageKey,
  text: MessageKey,
  facts: readonly (readonly [label: MessageKey, words: string])[],
  ...more: readonly HTMLElement[]
): HTMLElement {
  const heading = h('h3', { id: `kept-${id}` }, t(title))
  return h(
    'article',
    { class: 'card', 'aria-labelledby': heading.id },
    heading,
    h('p', {}, t(text)),
    h(
      'dl',
      {},
      ...facts.map(([label, words]) => h('div', {}, h('dt', { class: 'muted' }, t(label)), h('dd', {}, words))),
    ),
    ...more,
  )
}

function logText({ count, oldest, bytes }: DataInventory['log']): string {
  const entries = tCount('logCount', count, formatNumber(count))
  if (oldest === null) return entries
  return t('keptLogNow', entries, formatDateTime(oldest), formatBytes(bytes))
}

function retentionText({ retentionDays, retentionEntries }: Settings, isManaged: boolean): string {
  const days = tCount('keptDays', retentionDays, formatNumber(retentionDays))
  const bounds = `${t('keptAtMost', formatNumber(retentionEntries))} · ${days}`
  return isManaged ? t('keptDaysManaged', bounds) : bounds
}

function deletion(count: number, status: SettingsStatus, askToDelete: () => void): HTMLElement {
  if (!mayDeleteLog(status)) return h('p', { class: 'lock' }, glyph('lock'), h('span', {}, t('keptLogLocked')))
  return h(
    'div',
    { class: 'buttons' },
    h(
      'button',
      {
        type: 'button',
        id: 'kept-delete',
        class: 'danger',
        'aria-disabled': count === 0 ? 'true' : null,
        onclick: count === 0 ? null : askToDelete,
      },
      t('keptDelete'),
    ),
  )
}

/** About how much it is: `3.2 kB`, `14 MB`. */
function formatBytes(bytes: number): string {
  if (bytes === 0) return t('keptNothing')
  const [unit, size] = bytes < 1e6 ? (['kilobyte', 1e3] as const) : (['megabyte', 1e6] as const)
  const value = bytes / size
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value)
}
