import type { RunResult } from '../judge/run-result'

/** One run as a line of text, printed while the matrix runs. */
export function resultLine({ contender, offlineMs, offlineBy, goneMs, log, trouble }: RunResult): string {
  const name = contender.padEnd(11)
  if (trouble !== null) return `${name} TROUBLE: ${trouble}`
  const after = offlineBy === 'restart' ? ', at the next start' : ''
  const offline = offlineMs === null ? 'never Offline' : `Offline after ${offlineMs} ms${after}`
  const gone = goneMs === null ? '' : `, gone after ${goneMs} ms`
  if (log === null) return `${name} ${offline}${gone}`
  const told = log.told.map(({ outcome, evidence, reason, cause }) => `${outcome} (${reason ?? evidence}, ${cause})`)
  const untruths = [...log.untruths, ...(log.flagsTrue ? [] : ['flags are wrong'])]
  const wrong = untruths.length === 0 ? '' : `; UNTRUE: ${untruths.join('; ')}`
  return `${name} ${offline}${gone}; log: ${told.join(', ') || 'nothing'}${log.flagged ? ', flagged' : ''}${wrong}`
}
