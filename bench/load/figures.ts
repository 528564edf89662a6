import { known, median } from '../judge/statistics'

/** What one load of a CCP cost. */
export interface Load {
  /** Until the load event was over, in ms since the navigation began. */
  readonly loadedMs: number
  /** For which scripts ran in the page until the agent's status was shown, content scripts among them, in ms; null where the browser does not say. */
  readonly scriptMs: number | null
}

/** Medians over all rounds; null where nothing is known. */
export interface LoadFigures {
  readonly loadedMs: number | null
  /** How much more than the load without an extension in the same round. */
  readonly addedMs: number | null
  readonly scriptMs: number | null
  readonly addedScriptMs: number | null
}

/**
 * What a contender's loads cost.
 * @param loads one a round.
 * @param bare the loads of the same rounds without an extension.
 */
export function figuresOf(loads: readonly Load[], bare: readonly Load[]): LoadFigures {
  const pairs = loads.flatMap((load, round) => {
    const without = bare[round]
    return without === undefined ? [] : [{ load, without }]
  })
  const scripts = pairs.map(({ load, without }) =>
    load.scriptMs === null || without.scriptMs === null ? null : load.scriptMs - without.scriptMs,
  )
  return {
    loadedMs: median(loads.map(({ loadedMs }) => loadedMs)),
    addedMs: median(pairs.map(({ load, without }) => load.loadedMs - without.loadedMs)),
    scriptMs: median(known(loads.map(({ scriptMs }) => scriptMs))),
    addedScriptMs: median(known(scripts)),
  }
}
