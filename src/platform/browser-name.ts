/** The browser's kind and major version, as `Chromium 156` or `Firefox 153`. */
export function browserName(userAgent: string = navigator.userAgent): string {
  const [, firefox] = /\bFirefox\/(\d+)/.exec(userAgent) ?? []
  if (firefox !== undefined) return `Firefox ${firefox}`
  const [, edge] = /\bEdg\/(\d+)/.exec(userAgent) ?? []
  if (edge !== undefined) return `Edge ${edge}`
  const [, chromium] = /\bChrom(?:e|ium)\/(\d+)/.exec(userAgent) ?? []
  return chromium === undefined ? 'unknown' : `Chromium ${chromium}`
}
