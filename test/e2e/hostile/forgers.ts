/** What pages forge: each function is self-contained, as in `scripts.ts`. */
import type { HostilePage } from './scripts'

/** Learns the channel's name, and forges closes, answers, and an agent who is Offline. */
export function forge(): void {
  const page = globalThis as unknown as HostilePage
  sessionStorage.setItem('ccp-signoff:recovers', crypto.randomUUID())
  page.flood = (count, letters) => {
    const channel = page.channel()
    const say = (message: unknown): void => {
      dispatchEvent(new CustomEvent(`ccp-signoff:${channel}:content`, { detail: JSON.stringify(message) }))
    }
    const state = (type: string, name: string): object => ({ name, type, arn: null, startTimestamp: Date.now() })
    const agent = (username: string, type: string): object => ({
      username,
      name: 'x'.repeat(Math.min(1_000, letters)),
      routingProfile: null,
      routingProfileArn: null,
      state: state(type, type),
      offlineState: state('offline', 'Offline'),
      contacts: Array.from({ length: Math.min(40, Math.floor(letters / 1_100)) }, () => ({
        channel: 'voice',
        state: 'y'.repeat(1_000),
      })),
      softphone: null,
    })
    for (let nth = 0; nth < count; nth += 1) {
      const closeId = crypto.randomUUID()
      // Agents of the page itself, unknown ones, and another instance's.
      const username = ['flora', `nobody-${nth}`, 'alice'][nth % 3] ?? ''
      const target = nth % 2 === 0 ? state('offline', 'Offline') : state('routable', 'Available')
      say({
        type: 'closing',
        report: {
          closeId,
          event: 'beforeunload',
          did: { action: 'attempted', target, direct: 'keepalive', mayQueue: false },
          stateBefore: { ...state('routable', 'Available'), startTimestamp: 1 },
          hint: null,
        },
        agent: agent(username, 'routable'),
      })
      say({ type: 'result', closeId, result: { ok: true } })
      say({ type: 'undone', closeId: crypto.randomUUID(), result: { ok: true } })
      say({ type: 'agent', agent: agent(username, 'offline'), streamsVersion: '9' })
      say({ type: 'closing', report: '__proto__' })
    }
    return channel === '' ? 0 : count
  }
}

/** Reports an Available agent as Offline, and repeats it in pagehide. */
export function lieOfOffline(): void {
  const page = globalThis as unknown as HostilePage
  const say = (...messages: readonly object[]): void => {
    const channel = page.channel()
    for (const message of messages) {
      dispatchEvent(new CustomEvent(`ccp-signoff:${channel}:content`, { detail: JSON.stringify(message) }))
    }
  }
  const state = (type: string, name: string, startTimestamp: number | null): object => {
    return { name, type, arn: null, startTimestamp }
  }
  const offline = (): object => state('offline', 'Offline', Date.now())
  const agent = (now: object): object => ({
    username: 'lena',
    name: 'Lena',
    routingProfile: null,
    routingProfileArn: null,
    state: now,
    offlineState: offline(),
    contacts: [],
    softphone: null,
  })
  const seen = (): object => ({ type: 'agent', agent: agent(offline()), streamsVersion: '9' })
  page.lie = (event) => {
    const closeId = crypto.randomUUID()
    const stateBefore = state('routable', 'Available', null)
    const did = { action: 'attempted', target: offline(), direct: 'keepalive', mayQueue: false }
    say(
      { type: 'closing', report: { closeId, event, did, stateBefore, hint: null }, agent: agent(stateBefore) },
      { type: 'result', closeId, result: { ok: true } },
      seen(),
      { type: 'stayed', closeId },
    )
  }
  addEventListener('pagehide', () => say(seen()))
}
