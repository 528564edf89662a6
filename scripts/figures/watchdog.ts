/**
 * The watchdog's figures in the documents: the simulated day, heartbeats in real browsers, and what the watchdog costs.
 */
import type { RestFigures } from '../../bench/rest/figures'
import { costOf, monthOf } from '../../bench/watchdog/cost'
import type { DayReport } from '../../bench/watchdog/figures'
import { table, withPart } from '../markdown'

const count = (value: number): string => value.toLocaleString('en-US')
const seconds = (ms: number): string => `${Math.ceil(ms / 1_000)} s`
const NAMES = { chromium: 'Chromium', firefox: 'Firefox' } as const

/** Returns the text of docs/watchdog.md with these figures in it. Throws where a mark is missing. */
export function withWatchdogFigures(document: string, day: DayReport, rest: readonly RestFigures[]): string {
  return withPart(withPart(withPart(document, 'cost', costTable()), 'day', dayTable(day)), 'rest', restTable(rest))
}

/** Returns the text of docs/limits.md with the day's figures in it. Throws where the mark is missing. */
export const withDaySentence = (document: string, day: DayReport): string => withPart(document, 'day', daySentence(day))

function dayTable(day: DayReport): string {
  const { find = 0, look = 0, put = 0 } = day.calls
  const cost = (day.dollarsAMonth / day.agents).toFixed(3)
  return table(
    [`${count(day.agents)} agents at ${day.sites} sites, ${day.hours} hours, seed ${day.seed}`, ''],
    [
      ['heartbeats received, and duplicates among them', `${count(day.heartbeats)}, ${count(day.duplicates)}`],
      ['killed while known to be Available', `${day.killed}, and ${day.stormKilled} at the site without power`],
      ['of those, held by a contact, or back before Offline was set', count(day.held)],
      ['of those, held by a storm brake', count(day.braked)],
      ['of those, the others, who had to be set Offline in time', count(day.judged)],
      ['from their last heartbeat to Offline: median', seconds(day.medianMs)],
      ['99th percentile', seconds(day.p99Ms)],
      ['maximum', seconds(day.maxMs)],
      ['Available at the end of the day, and not back', count(day.leftAvailable)],
      ['set Offline although a heartbeat had come within three intervals', count(day.wronged.length)],
      ['set Offline at the site without network', count(day.touchedWithoutNetwork)],
      ['until people were notified of the site without power', seconds(day.stormNoticeMs)],
      ['calls that find users, look, and set Offline', [find, look, put].map(count).join(', ')],
      ['longest time from a look to setting Offline, without the time of calls', seconds(day.lookToPutMs)],
      ['calls of one kind within a second, at most', count(day.mostCallsInASecond)],
      ['US dollars per agent and month', cost],
    ],
  )
}

function daySentence(day: DayReport): string {
  return (
    `In a simulated day of ${count(day.agents)} agents, with a tenth of all requests failing, ${day.killed} were killed while known to be ` +
    `Available. Of the ${day.judged}\nwhom neither a contact nor the storm brake held, half were Offline ${seconds(day.medianMs)} after ` +
    `the last heartbeat, 99 % after ${seconds(day.p99Ms)}, and all after\n${seconds(day.maxMs)}. Set Offline although a heartbeat had ` +
    `come within three intervals: ${day.wronged.length}. Left Available at the end: ${day.leftAvailable}.\n`
  )
}

function restTable(rest: readonly RestFigures[]): string {
  const rows = rest.map(({ browser, startsAnHour, writesAMinute, runningPercent, heartbeat }) => [
    NAMES[browser],
    heartbeat === null ? 'no' : 'yes',
    startsAnHour.toFixed(1),
    `${runningPercent} %`,
    writesAMinute.toFixed(2),
    ...(heartbeat === null ? ['', '', '', ''] : Object.values(heartbeat).map(count)),
  ])
  const head = ['browser', 'heartbeats', 'starts an hour', 'running', 'writes a minute', 'heartbeats an hour']
  return table([...head, 'preflights an hour', 'bytes sent for each', 'bytes received'], rows)
}

function costTable(): string {
  const rows = [3_000, 10_000].flatMap((agents) =>
    [30, 60].map((interval) => {
      const month = monthOf(agents, interval)
      const dollars = costOf(month)
      const beats = `${Math.round(month.heartbeats / 1e6)} million`
      return [count(agents), `${interval} s`, beats, dollars.toFixed(0), (dollars / agents).toFixed(3)]
    }),
  )
  return table(['seats', 'interval', 'heartbeats a month', 'US dollars a month', 'for each agent'], rows)
}
