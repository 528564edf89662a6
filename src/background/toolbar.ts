import type { Flag } from '../domain/closes/state'
import type { Mode } from '../domain/settings'
import { browser } from '../platform/browser'
import { text } from '../platform/text'

/** What the button shows. */
export interface ToolbarFacts {
  readonly flags: readonly Flag[]
  /** Whether the browser grants access to the CCP's sites. */
  readonly hasAccess: boolean
  readonly mode: Mode
  /** Whether a CCP is open that is not protected. */
  readonly isUnprotected: boolean
}

const RED = '#b3261e'
const VIOLET = '#6a3fb5'
const GREY = '#5c6670'

/**
 * The badge counts the agents who may still be Available; without any, it says in the words of the popup's pill why closing a CCP
 * will not set its agent Offline. The button's title explains it. The badge does not count agents who are flagged while nobody is
 * at the computer: nobody sees it, and Firefox takes a changing badge for a user at the computer (measured: idle ended within 1.5
 * s of it).
 */
export async function showBadge(facts: ToolbarFacts): Promise<void> {
  const { text: badge, color } = badgeOf(facts)
  if ((await browser.action.getBadgeText({})) !== badge) {
    await browser.action.setBadgeText({ text: badge })
    if (color !== null) await browser.action.setBadgeBackgroundColor({ color })
  }
  const title = titleOf(facts)
  if ((await browser.action.getTitle({})) !== title) await browser.action.setTitle({ title })
}

function badgeOf({ flags, hasAccess, mode, isUnprotected }: ToolbarFacts): { text: string; color: string | null } {
  const count = countOf(flags)
  if (count > 0) return { text: String(count), color: RED }
  if (!hasAccess) return { text: '!', color: RED }
  switch (mode) {
    case 'off':
      return { text: text('badgeOff'), color: GREY }
    case 'observe':
      return { text: text('badgeTrial'), color: VIOLET }
    case 'act':
      return isUnprotected ? { text: '!', color: RED } : { text: '', color: null }
  }
}

function titleOf({ flags, hasAccess, mode, isUnprotected }: ToolbarFacts): string {
  const count = countOf(flags)
  const said = [
    ...(count > 0 ? [text('badgeTitleFlagged', String(count))] : []),
    ...(hasAccess ? [] : [text('badgeTitleNoAccess')]),
    ...(mode === 'observe' ? [text('badgeTitleTrial')] : []),
    ...(mode === 'off' ? [text('badgeTitleOff')] : []),
    ...(mode === 'act' && hasAccess && isUnprotected ? [text('badgeTitleUnprotected')] : []),
  ]
  return said.length > 0 ? said.join('\n') : text('actionTitle')
}

function countOf(flags: readonly Flag[]): number {
  return flags.filter(({ why }) => why !== 'locked' && why !== 'idle').length
}
