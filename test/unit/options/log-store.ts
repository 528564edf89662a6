import { columnsOf, dayOf } from '../../../src/domain/log-digest'
import type { LogEntry } from '../../../src/domain/log-entry'
import type { LogOwner, LogPart, LogStore } from '../../../src/storage/log-store'

const isOf = (entry: LogEntry, { index, of }: LogPart): boolean =>
  index === 'owner' ? entry.instance === of[0] && entry.username === of[1] : entry[index] === of[0]

/** A read-only log of these entries, newest first. It records which entries were read. */
export function storeOf(entries: () => readonly LogEntry[], read: LogEntry[] = []): LogStore {
  return {
    get: (id) => Promise.resolve(entries().find((entry) => entry.id === id) ?? null),
    entriesOf: (ids) => {
      const found = ids.flatMap((id) => entries().find((entry) => entry.id === id) ?? [])
      read.push(...found)
      return Promise.resolve(found)
    },
    digests: () => {
      const days = [...new Set(entries().map(({ at }) => dayOf(at)))]
      return Promise.resolve(
        days.map((day) => {
          const ofDay = entries().filter(({ at }) => dayOf(at) === day)
          return { ...columnsOf(ofDay), day, count: ofDay.length, made: `${day}` }
        }),
      )
    },
    newest: (limit) => Promise.resolve(entries().slice(0, limit)),
    page: ({ from, to, oldestFirst, part }, after, limit) => {
      const wanted = entries().filter((each) => each.at >= from && each.at <= to && (part === null || isOf(each, part)))
      const ordered = oldestFirst ? wanted.reverse() : wanted
      const left = ordered.filter(({ at }) => typeof after !== 'number' || (oldestFirst ? at > after : at < after))
      const last = left[limit - 1]
      const page = last === undefined ? left : left.filter(({ at }) => (oldestFirst ? at <= last.at : at >= last.at))
      read.push(...page)
      return Promise.resolve({ entries: page, next: last?.at ?? null })
    },
    shortest: ([first = null]) => Promise.resolve(first),
    owners: () => {
      const owners = new Map<string, LogOwner>()
      for (const { instance, username, agentName, at } of entries()) {
        const key = `${instance}/${username}`
        const known = owners.get(key) ?? { instance, username, agentName, at, count: 0 }
        owners.set(key, { ...known, count: known.count + 1 })
      }
      return Promise.resolve([...owners.values()])
    },
    put: () => Promise.resolve(),
    amend: () => Promise.resolve(),
    clear: () => Promise.resolve(),
    prune: () => Promise.resolve(0),
  }
}
