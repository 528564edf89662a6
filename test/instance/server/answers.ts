import type { ServerResponse } from 'node:http'
import type { World } from '../world/axes'

/** The headers of a page, with a strict policy that forbids inline scripts, as the real pages are said to have. */
export function pageHeaders(host: string, framers: readonly string[], extra: Readonly<Record<string, string>> = {}) {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' wss://${host}`,
    "frame-src 'self' https://*.awsapps.com https://*.my.connect.aws https://*.govcloud.connect.aws",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors 'self' ${framers.join(' ')}`.trim(),
  ]
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policy.join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    'Cache-Control': 'no-store',
    ...extra,
  }
}

/** The `Permissions-Policy` header of pages in a world; none where the world does not restrict anything. */
export const permissionsOf = ({ unload }: World): Readonly<Record<string, string>> =>
  unload === 'blocked' ? { 'Permissions-Policy': 'unload=()' } : {}

/** Answers 200 with JSON. */
export function sendJson(response: ServerResponse, body: unknown, type = 'application/json'): void {
  response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' })
  response.end(JSON.stringify(body))
}

/** Answers with plain text. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' })
  response.end(text)
}

/** Answers with a redirect (302). */
export function redirect(
  response: ServerResponse,
  to: string,
  headers: Readonly<Record<string, string | string[]>> = {},
): void {
  response.writeHead(302, { Location: to, 'Cache-Control': 'no-store', ...headers })
  response.end()
}
