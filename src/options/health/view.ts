import type { BackgroundPathHealth, DirectPathHealth } from '../../domain/capabilities'
import type { DocumentStatus, Status } from '../../protocol/ui-messages'
import { h } from '../../ui/dom'
import { formatAgo, formatDateTime, formatDuration, formatNumber } from '../../ui/format'
import type { MessageKey } from '../../ui/i18n'
import { t, tCount } from '../../ui/i18n'
import { hostsNotice, problemsNotice, unreachedNotice } from '../../ui/notices'
import { pill } from '../../ui/parts'
import { problemNotices } from '../../ui/setting-problems'
import type { HealthWords } from '../../ui/words'
import { browserCard } from './browser-card'
import { factList, factOf } from './facts'
import {
  BACKGROUND_PATHS,
  DEAD_MANS_SWITCHES,
  DIRECT_PATHS,
  NOT_TOLD,
  PROTECTIONS,
  SURFACES,
  UNPROTECTED_REASONS,
} from '../../ui/words'

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

/** One card for each instance: what the background can do there, and what each of its open pages can. */
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
  // "No CCP is open" would be a guess where the browser keeps us from seeing any.
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
  const surface = t(SURFACES[doc.surface])
  const { word, tone, glyph } = PROTECTIONS[protection.status]
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
        [agent?.state.name, framed ? t('detailSurfaceFramed', surface) : surface].filter(Boolean).join(' · '),
      ),
      protection.status === 'unprotected' ? h('p', { class: 'why' }, t(UNPROTECTED_REASONS[protection.reason])) : null,
    ),
    factList(
      fact('healthDirect', direct === null ? NOT_TOLD : DIRECT_PATHS[direct.status], tried(direct), now),
      fact(
        'healthDeadMansSwitch',
        capabilities === null ? NOT_TOLD : DEAD_MANS_SWITCHES[capabilities.deadMansSwitch],
        null,
        now,
      ),
      ...targetFact(doc),
      othersFact(doc),
      factOf('healthStreams', h('span', {}, doc.streamsVersion ?? t('healthStreamsNone'))),
    ),
  ]
}

/** Whether it is the last CCP of its agent here: the one whose close counts. */
function othersFact({ otherCcps }: DocumentStatus): HTMLElement {
  const words = otherCcps === 0 ? t('healthOthersNone') : tCount('healthOthersSome', otherCcps, formatNumber(otherCcps))
  return factOf('healthOthers', h('span', {}, words))
}

/** What a close of the page sets, and that it is not what the settings want. */
function targetFact({ agent, missingTarget }: DocumentStatus): HTMLElement[] {
  if (agent === null) return []
  const name = agent.offlineState?.name ?? t('healthTargetNone')
  const why = missingTarget === null ? [] : [h('small', { class: 'why' }, t('healthTargetMissing', missingTarget))]
  const isFine = agent.offlineState !== null && missingTarget === null
  return [factOf('healthTarget', isFine ? h('span', {}, name) : pill('warn', 'warning', name), ...why)]
}

/** An age tells when the path was tried: of one that could not be tried, it would say nothing. */
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
