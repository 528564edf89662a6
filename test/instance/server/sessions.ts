import { randomBytes } from 'node:crypto'
import type { AgentModel } from '../model/agent-model'

/** The name of the session cookie, like the real one (its last part names the region). */
export const COOKIE_NAME = 'lily-auth-prod-fra'

export interface Session {
  readonly id: string
  readonly agent: AgentModel
}

interface Token {
  readonly session: Session
  readonly expiresAt: number
  /** How many further calls with it are answered as if the token were unknown. */
  strangeFor: number
}

export interface IssuedToken {
  readonly accessToken: string
  /** Server time in milliseconds. */
  readonly expiration: number
}

/** The values of a Cookie header. */
export function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim().split('=', 2))
  return new Map(pairs.flatMap(([name, value]) => (name && value !== undefined ? [[name, value] as const] : [])))
}

/** The sessions of an instance, and their tokens. */
export class Sessions {
  tokenLifetimeMs: number
  private readonly sessions = new Map<string, Session>()
  private readonly tokens = new Map<string, Token>()

  constructor(
    tokenLifetimeMs: number,
    private readonly revokeOnSignOut: boolean,
  ) {
    this.tokenLifetimeMs = tokenLifetimeMs
  }

  signIn(agent: AgentModel): Session {
    const session = { id: randomBytes(24).toString('base64url'), agent }
    this.sessions.set(session.id, session)
    return session
  }

  signOut(session: Session): void {
    this.sessions.delete(session.id)
    if (!this.revokeOnSignOut) return
    for (const [value, token] of this.tokens) if (token.session === session) this.tokens.delete(value)
  }

  byCookie(header: string | undefined): Session | undefined {
    return this.sessions.get(readCookies(header).get(COOKIE_NAME) ?? '')
  }

  /** @param strangeFor how many calls with the token are answered as if it were unknown */
  issueToken(session: Session, strangeFor = 0): IssuedToken {
    const accessToken = randomBytes(32).toString('base64url')
    const expiration = Date.now() + this.tokenLifetimeMs
    this.tokens.set(accessToken, { session, expiresAt: expiration, strangeFor })
    return { accessToken, expiration }
  }

  /** The agent of a token; undefined where the token is unknown or has expired. */
  byToken(value: string | undefined): AgentModel | undefined {
    const token = this.tokens.get(value ?? '')
    return token && token.expiresAt > Date.now() ? token.session.agent : undefined
  }

  /** Whether a call with this token is answered as if the token were unknown. Counts the call. */
  isStrange(value: string | undefined): boolean {
    const token = this.tokens.get(value ?? '')
    if (!token || token.strangeFor === 0) return false
    token.strangeFor -= 1
    return true
  }

  /** Makes one agent's cookies another's, as after another sign-in in the same browser. Tokens stay valid. */
  handOver(from: AgentModel, to: AgentModel): void {
    for (const { id, agent } of this.sessions.values()) if (agent === from) this.sessions.set(id, { id, agent: to })
  }

  /** Invalidates all tokens. Cookies stay valid. */
  expireTokens(): void {
    this.tokens.clear()
  }

  /** Invalidates all cookies and tokens, as after an administrator's reset or the end of the sessions. */
  expireSessions(): void {
    this.tokens.clear()
    this.sessions.clear()
  }
}
