import type { BackgroundPathHealth, DirectPathHealth } from '../../domain/capabilities'
import { unprotectedBecause } from '../../domain/closes/ccp-document'
import type { DocumentStatus, Status } from '../../protocol/ui-messages'
import { statusText } from '../../ui/status-text'
import { h } from '../../ui/dom'
import { formatAgo, formatDateTime, formatDuration, formatNumber } from '../../ui/format'
import type { MessageKey } from '../../ui/i18n'
import { t, tCount } from '../../ui/i18n'
import { hostsNotice, problemsNotice, unreachedNotice } from '../../ui/notices'
import { outlookPill } from '../../ui/outlook-words'
import { pill } from '../../ui/parts'
import { problemNotices } from '../../ui/setting-problems'
import type { HealthWords } from '../../ui/words'
import { browserCard } from './browser-card'
import { factList, factOf } from './fact-list'
import { BACKGROUND_PATHS, CRASH_PROTECTIONS, DIRECT_PATHS, NOT_REPORTED, REASONS, SURFACES } from '../../ui/words'

interface ViewParts {
  readonly now: number
  readonly requestHosts: () => Promise<boolean>
  readonly granted: () => void
}

/** When something was last tried, and how long it took. */
interface Tried {
  readonly roundTripMs: number | null
  readonly at: number | null
}

/** A card for each instance: what the background can do there, and what each of its open pages can do. */
export function healthView(status: Status, { now, requestHosts, granted }: ViewParts): HTMLElement[] {
  const notices = [
    ...(status.hostsGranted ? [] : [hostsNotice(requestHosts, granted)]),
    ...(status.unreachedTabs > 0 ? [unreachedNotice(status.unreachedTabs)] : []),
    ...(status.problems.length > 0 ? [problemsNotice(status.problems)] : []),
    ...problemNotices(status.settingProblems),
  ]
  const instances = new Set([
    ...status.documents.map(({ instance }) => instance),
    ...Object.keys(status.backgroundPaths),
  ])
  const cards = [...instances].sort().map((instance) => instanceCard(instance, status, now))
  // Without access to the sites, "No CCP is open" would be a guess.
  const isBlind = !status.hostsGranted || status.unreachedTabs > 0
  return [...notices, ...cards, ...(cards.length > 0 || isBlind ? [] : [emptyCard()]), browserCard(status)]
}

function emptyCard(): HTMLElement {
  return h(
    'div',
    { class: 'empty card' },
    h('h3', {}, t('healthEmptyTitle')),
    h('p', { class: 'muted' }, t('healthEmptyText')),
  )
}

function instanceCard(instance: string, { documents, backgroundPaths }: Status, now: number): HTMLElement {
  const title = `health-${instance}`
  const pages = documents.filter((doc) => doc.instance === instance)
  return h(
    'article',
    { class: 'instance card', 'aria-labelledby': title },
    h(
      'div',
      { class: 'top' },
      h('h3', { id: title }, instance),
      factList(backgroundFact(backgroundPaths[instance], now)),
    ),
    pages.length > 0
      ? h('ul', { class: 'ccps' }, ...pages.map((doc) => h('li', {}, ...page(doc, now))))
      : h('p', { class: 'muted none' }, t('healthNoPages')),
  )
}

function backgroundFact(path: BackgroundPathHealth | undefined, now: number): HTMLElement {
  return fact('healthBackground', BACKGROUND_PATHS[path?.status ?? 'untried'], path ?? null, now)
}

function page(doc: DocumentStatus, now: number): HTMLElement[] {
  const { agent, protection, capabilities, framed } = doc
  const unprotected = unprotectedBecause(protection)
  const surface = t(SURFACES[doc.surface])
  const { word, tone, glyph } = outlookPill(doc.outlook)
  const direct = capabilities?.direct ?? null
  return [
    h(
      'div',
      { class: 'who' },
      h('h4', {}, agent === null ? t('healthAgentUnknown') : agent.name || agent.username),
      pill(tone, glyph, t(word)),
      h(
        'p',
        { class: 'muted' },
        [
          agent === null ? null : statusText(agent.state, agent.contacts),
          framed ? t('detailSurfaceFramed', surface) : surface,
        ]
          .filter(Boolean)
          .join(' · '),
      ),
      unprotected === null ? null : h('p', { class: 'why' }, t(REASONS[unprotected])),
    ),
    factList(
      fact('healthDirect', direct === null ? NOT_REPORTED : DIRECT_PATHS[direct.status], tried(direct), now),
      fact(
        'healthDeadMansSwitch',
        capabilities === null ? NOT_REPORTED : CRASH_PROTECTIONS[capabilities.deadMansSwitch],
        null,
        now,
      ),
      ...targetFact(doc),
      othersFact(doc),
      factOf('healthStreams', h('span', {}, doc.streamsVersion ?? streamsWords(doc))),
    ),
  ]
}

/** The words for a page whose Streams states no version. */
function streamsWords({ capabilities }: DocumentStatus): string {
  const hidden = capabilities?.hiddenStreams
  return hidden ? t('healthStreamsHidden', formatNumber(hidden.requestsPerHour)) : t('healthStreamsNone')
}

/** Whether it is the agent's last CCP in this browser: its close counts. */
function othersFact({ otherCcps }: DocumentStatus): HTMLElement {
  const words = otherCcps === 0 ? t('healthOthersNone') : tCount('healthOthersSome', otherCcps, formatNumber(otherCcps))
  return factOf('healthOthers', h('span', {}, words))
}

/** The status that closing the page sets, and whether it is not the one that the settings name. */
function targetFact({ agent, missingTarget }: DocumentStatus): HTMLElement[] {
  if (agent === null) return []
  const name = agent.offlineState?.name ?? t('healthTargetNone')
  const why = missingTarget === null ? [] : [h('small', { class: 'why' }, t('healthTargetMissing', missingTarget))]
  const isFine = agent.offlineState !== null && missingTarget === null
  return [factOf('healthTarget', isFine ? h('span', {}, name) : pill('warn', 'warning', name), ...why)]
}

/** When the path was last tried; nothing for a path that cannot be tried. */
function tried(direct: DirectPathHealth | null): Tried | null {
  return direct !== null && (direct.status === 'works' || direct.status === 'failed') ? direct : null
}

function fact(label: MessageKey, words: HealthWords, last: Tried | null, now: number): HTMLElement {
  return factOf(
    label,
    pill(words.tone, words.glyph, t(words.word)),
    ...(last === null ? [] : triedWords(last, now)),
    h('small', { class: 'muted' }, t(words.help)),
  )
}

function triedWords({ roundTripMs, at }: Tried, now: number): HTMLElement[] {
  return [
    ...(roundTripMs === null ? [] : [h('span', { class: 'took' }, formatDuration(roundTripMs))]),
    ...(at === null
      ? []
      : [
          h(
            'time',
            { class: 'muted', datetime: new Date(at).toISOString(), title: formatDateTime(at) },
            formatAgo(at, now),
          ),
        ]),
  ]
}
