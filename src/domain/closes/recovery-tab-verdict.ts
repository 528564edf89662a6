/** What a look at the tab of the recovery CCP shows, and what follows from it. */

/** What the tab shows, as far as the browser lets the extension see it. */
export type Whereabouts = 'waiting' | 'ccp' | 'loading' | 'elsewhere' | 'gone'

/** A tab that is navigating shows nothing for a moment: only what so many looks in a row have shown counts. */
const LOOKS = 2

export interface RecoveryTabVerdict {
  /** `send`: load the CCP in the tab. `signed_out`: a sign-in page, perhaps an identity provider's. */
  readonly next: 'gone' | 'send' | 'signed_out' | 'look_again'
  /** How many looks in a row have shown a page that is no CCP. */
  readonly elsewhere: number
}

/**
 * What follows from a look at the recovery CCP's tab.
 * @param elsewhere how many looks before it, in a row, have shown a page that is no CCP.
 * @param isSent whether the CCP's address was given to the tab already.
 */
export function judgeRecoveryTab(
  shows: Whereabouts,
  { elsewhere, isSent }: { readonly elsewhere: number; readonly isSent: boolean },
): RecoveryTabVerdict {
  if (shows === 'gone') return { next: 'gone', elsewhere: 0 }
  if (shows !== 'elsewhere') return { next: shows === 'waiting' && !isSent ? 'send' : 'look_again', elsewhere: 0 }
  // The extension signs nobody in.
  return { next: elsewhere + 1 >= LOOKS ? 'signed_out' : 'look_again', elsewhere: elsewhere + 1 }
}
