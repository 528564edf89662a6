import type { World } from '../../instance/world/axes'

/** A story that cannot hold in some worlds, and why. `docs/limits.md` lists each reason. */
export interface CannotHold {
  /** The story's name in `docs/limits.md` and in the tests. */
  readonly story: string
  readonly where: Partial<World>
  readonly because: string
}

export const CANNOT_HOLD: readonly CannotHold[] = [
  {
    story: 'is left Offline',
    where: { puts: 'first-lost', extensionOrigin: 'refused' },
    because:
      'Where an instance answers the page with success, does nothing, and refuses extensions, the agent stays Available: the page is gone, and nobody else may ask. Where the page heard the answer, as Firefox lets it, the log says "Accepted", which is not called success; otherwise they are flagged.',
  },
  {
    story: 'is set Offline when a reload ends as a close',
    where: { extensionOrigin: 'refused' },
    because:
      'Where a tab is closed in the middle of a reload by key, the page has asked for nothing, as it was to come back. If the instance refuses extensions, the agent is flagged, and stays Available unless a CCP is opened for them.',
  },
  {
    story: 'is set Offline after the notes of a closed CCP',
    where: { extensionOrigin: 'refused' },
    because:
      'In after-contact work a closing page requests nothing, so that the notes are kept. If the instance refuses extensions, the agent is flagged, and stays Available once their work is over.',
  },
]

/** Whether a story holds in a world. */
export function holdsIn(story: CannotHold['story'], world: World): boolean {
  const exceptions = CANNOT_HOLD.filter((each) => each.story === story)
  const isThere = ([axis, value]: [string, unknown]): boolean => world[axis as keyof World] === value
  return !exceptions.some(({ where }) => Object.entries(where).every(isThere))
}
