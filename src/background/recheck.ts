import { unansweredCloses } from '../domain/closes/retry'
import type { CloseEngine } from './close-engine'

/** When the network is back, the instances that could not answer without it are asked at once. */
export async function recheckUnanswered(engine: Pick<CloseEngine, 'state' | 'dispatch'>): Promise<void> {
  const closeIds = unansweredCloses(await engine.state())
  await engine.dispatch(...closeIds.map((closeId) => ({ type: 'retry_wanted', at: Date.now(), closeId }) as const))
}
