/** The options page's own HTML in jsdom, with its texts. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { localise } from '../../../src/ui/i18n'

export function loadOptionsPage(): void {
  const html = readFileSync(join(__dirname, '../../../src/options/options.html'), 'utf8')
  const page = new DOMParser().parseFromString(html, 'text/html')
  document.body.replaceChildren(...page.body.children)
  localise(document)
}
