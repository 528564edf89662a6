import type { LogEntry } from '../../domain/log-entry'
import { h } from '../../ui/dom'
import { formatClock, formatDateTime, formatOffset } from '../../ui/format'
import { t } from '../../ui/i18n'
import { evidenceText, reasonText, stepText } from '../../ui/log-words'
import { SURFACES } from '../../ui/words'
import { exposureText } from './exposure-text'

/** Everything about an entry that its row does not show: the timeline, the error and the facts. */
export function entryDetails(entry: LogEntry): HTMLElement {
  return h('div', { class: 'details' }, timeline(entry), facts(entry))
}

function timeline(entry: LogEntry): HTMLElement {
  const steps = entry.timeline.map((step) =>
    h(
      'li',
      {},
      h(
        'time',
        { datetime: new Date(step.at).toISOString(), title: formatDateTime(step.at) },
        formatClock(step.at, entry.at),
      ),
      h('span', { class: 'offset' }, formatOffset(step.at - entry.at)),
      h(
        'span',
        { class: 'step' },
        stepText(step.event, entry),
        step.detail === undefined ? null : ' ',
        detail(step.detail),
      ),
    ),
  )
  return h(
    'div',
    {},
    h('h3', {}, t('detailTimeline')),
    steps.length > 0 ? h('ol', { class: 'timeline' }, ...steps) : h('p', { class: 'muted' }, t('detailNoTimeline')),
    ...error(entry),
  )
}

function detail(text: string | undefined): HTMLElement | null {
  return text === undefined ? null : h('code', { class: 'muted' }, text)
}

function error({ error: found }: LogEntry): HTMLElement[] {
  if (found === null) return []
  return [
    h('h3', {}, t('detailError')),
    h(
      'p',
      { class: 'callerror bad' },
      h('code', {}, found.type),
      found.message === '' ? null : h('span', {}, found.message),
    ),
  ]
}

function facts(entry: LogEntry): HTMLElement {
  const surface = t(SURFACES[entry.surface])
  const exposure = exposureText(entry)
  const reason = reasonText(entry)
  const pairs: readonly (readonly [string, string])[] = [
    [t('colEvidence'), evidenceText(entry)],
    ...(reason === null ? [] : [[t('detailReason'), reason] as const]),
    ...(exposure === null ? [] : [[t('detailExposure'), exposure] as const]),
    ...(entry.target ? [[t('detailTarget'), entry.target] as const] : []),
    ...(entry.username === '' ? [] : [[t('detailUsername'), entry.username] as const]),
    ...(entry.routingProfile === undefined ? [] : [[t('detailProfile'), entry.routingProfile] as const]),
    ...(entry.label === undefined ? [] : [[t('detailLabel'), entry.label] as const]),
    [t('detailSurface'), entry.framed ? t('detailSurfaceFramed', surface) : surface],
    [t('detailEvent'), entry.event ?? t('detailEventNone')],
    [t('detailStreams'), entry.streamsVersion ?? t('detailStreamsNone')],
    [t('detailVersion'), entry.extensionVersion],
    [t('detailId'), entry.id],
  ]
  return h(
    'div',
    {},
    h('h3', {}, t('detailFacts')),
    h('dl', {}, ...pairs.map(([name, value]) => h('div', {}, h('dt', { class: 'muted' }, name), h('dd', {}, value)))),
  )
}
