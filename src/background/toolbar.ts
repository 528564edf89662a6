import type { Flag } from '../domain/sessions/state'
import { browser } from '../platform/browser'

/** What the button has to tell of. */
export interface ToolbarFacts {
  readonly flags: readonly Flag[]
  /** Whether the browser lets us into the CCP's sites. */
  readonly hasAccess: boolean
}

/**
 * The badge counts the agents who may still be Available, or marks that nothing is protected; the button's title says what
 * it means. It does not count those who are shown while nobody is at the computer: nobody sees it, and Firefox takes a badge
 * that changes for somebody at the computer (measured: idle ended within 1.5 s of it).
 */
export async function showBadge({ flags, hasAccess }: ToolbarFacts): Promise<void> {
  const count = flags.filter(({ why }) => why !== 'locked' && why !== 'idle').length
  const text = count > 0 ? String(count) : hasAccess ? '' : '!'
  if ((await browser.action.getBadgeText({})) !== text) {
    await browser.action.setBadgeText({ text })
    await browser.action.setBadgeBackgroundColor({ color: '#b3261e' })
  }
  const said = [
    ...(count > 0 ? [browser.i18n.getMessage('badgeTitleFlagged', [String(count)])] : []),
    ...(hasAccess ? [] : [browser.i18n.getMessage('badgeTitleNoAccess')]),
  ]
  const title = said.length > 0 ? said.join('\n') : browser.i18n.getMessage('actionTitle')
  if ((await browser.action.getTitle({})) !== title) await browser.action.setTitle({ title })
}
