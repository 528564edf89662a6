import { apiPaths } from '../protocol/connect-api'
import type { Access } from './api-call'
import { apiRequest, expiryOf, send } from './api-call'
import { LONGEST_LOOK_MS } from './direct-path'
import { guard } from './guard'
import { natives } from './natives'
import { bag } from './streams'

/** This long before a token expires, another is requested: two looks come in that time. */
const AHEAD_MS = 2 * LONGEST_LOOK_MS
/** How often the instance is asked at most, whatever it answers. */
const ASK_AGAIN_MS = 5 * 60_000

/** What the renewal needs from the bridge. */
export interface RenewalParts {
  /** Whose token it is; null where that is not known. */
  readonly username: () => string | null
  /** The current token, expired or not. */
  readonly access: () => Access | null
  /** When it expires, by this machine's clock, in ms since the epoch. */
  readonly expiresAt: () => number
  /** Called with another token. */
  readonly onToken: (renewed: Access) => void
}

/** Asks the instance for another token, as the page's own Streams does, when the page's known token expires. */
export class TokenRenewal {
  #askedAt = 0

  readonly #parts: RenewalParts

  constructor(parts: RenewalParts) {
    this.#parts = parts
  }

  /** Call it while the agent may need the direct path, and the settings allow it. */
  renewIfDue(): void {
    const access = this.#parts.access()
    const now = natives.now()
    if (access === null || this.#parts.expiresAt() - now > AHEAD_MS || now - this.#askedAt < ASK_AGAIN_MS) return
    this.#askedAt = now
    this.#ask(access).then(
      guard((renewed) => {
        if (renewed !== null) this.#parts.onToken(renewed)
      }),
      // Signed out, or no network: the path is as it was.
      guard(() => undefined),
    )
  }

  async #ask(access: Access): Promise<Access | null> {
    const url = location.origin + apiPaths(location.hostname).authorize
    // A redirect leads to a sign-in page, and is not followed.
    const answer = await askFor(url, { credentials: 'same-origin', redirect: 'error', cache: 'no-store' })
    const { accessToken, expiration } = bag(answer)
    if (typeof accessToken !== 'string' || accessToken === '') return null
    const renewed = { ...access, token: accessToken, expiresAt: expiryOf(expiration) }
    // Somebody else may have signed in since, in another tab: their token must not set this agent's state, nor this agent's token
    // theirs.
    const authentication = { authToken: accessToken }
    const own = await askFor(access.url, apiRequest(renewed, 'GetAgentConfiguration', { authentication }))
    const { username } = bag(bag(own)['configuration'])
    return username === this.#parts.username() ? renewed : null
  }
}

/** The fields of Connect's own answer; null where it is an error, or somebody else's. */
async function askFor(url: string, init: RequestInit): Promise<unknown> {
  const answer = await send(url, init)
  return answer.is === 'answer' ? answer.body : null
}
