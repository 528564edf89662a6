import { known, median } from '../judge/statistics'

/** The cost of one load of a CCP. */
export interface Load {
  /** The end of the load event, in ms since the navigation began. */
  readonly loadedMs: number
  /**
   * For how long scripts ran, content scripts included, until the agent's state was shown, in ms; null where unknown.
   */
  readonly scriptMs: number | null
}

/** Medians over all rounds, in ms; null where unknown. */
export interface LoadFigures {
  readonly loadedMs: number | null
  /** The difference to the load without an extension in the same round. */
  readonly addedMs: number | null
  readonly scriptMs: number | null
  readonly addedScriptMs: number | null
}

/**
 * The figures of a contender.
 * @param loads one for each round
 * @param bare the loads of the same rounds without an extension
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
