import { randomBytes } from 'node:crypto'
import type { AgentModel } from '../model/agent-model'

/** The instance's session cookie, named as the real one is (the last part names the region). */
export const COOKIE_NAME = 'lily-auth-prod-fra'

export interface Session {
  readonly id: string
  readonly agent: AgentModel
}

interface Token {
  readonly session: Session
  readonly expiresAt: number
  /** How many calls with it are still answered as if it were not known yet. */
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

/** Who is signed in to one instance, and with which tokens. */
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

  /** @param strangeFor how many calls with the token are answered as if it were not known. */
  issueToken(session: Session, strangeFor = 0): IssuedToken {
    const accessToken = randomBytes(32).toString('base64url')
    const expiration = Date.now() + this.tokenLifetimeMs
    this.tokens.set(accessToken, { session, expiresAt: expiration, strangeFor })
    return { accessToken, expiration }
  }

  /** The agent whom a token stands for, if it is one and has not expired. */
  byToken(value: string | undefined): AgentModel | undefined {
    const token = this.tokens.get(value ?? '')
    return token && token.expiresAt > Date.now() ? token.session.agent : undefined
  }

  /** Whether a call with a token comes too early for the API to know it. */
  isStrange(value: string | undefined): boolean {
    const token = this.tokens.get(value ?? '')
    if (!token || token.strangeFor === 0) return false
    token.strangeFor -= 1
    return true
  }

  /** The cookies of one agent are another's from now on, as after a sign-in in the same browser. Tokens go on. */
  handOver(from: AgentModel, to: AgentModel): void {
    for (const { id, agent } of this.sessions.values()) if (agent === from) this.sessions.set(id, { id, agent: to })
  }

  /** All tokens out there stop working now. The cookies go on. */
  expireTokens(): void {
    this.tokens.clear()
  }

  /** All cookies and tokens stop working now, as after an administrator's reset or the session's end. */
  expireSessions(): void {
    this.tokens.clear()
    this.sessions.clear()
  }
}
