/** Writes the parts of the documentation that are made from the code and from stored figures: `npm run docs`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decisionsDocument } from './decisions/document'
import type { RestFigures } from '../bench/rest/figures'
import type { DayReport } from '../bench/watchdog/figures'
import { withDaySentence, withWatchdogFigures } from './figures/watchdog'
import { withSettingsTable } from './settings/table'

const DOCS = join(__dirname, '../docs')

writeFileSync(join(DOCS, 'decisions.md'), decisionsDocument())
const rewrite = (name: string, change: (document: string) => string): void => {
  const path = join(DOCS, name)
  writeFileSync(path, change(readFileSync(path, 'utf8')))
}
const figures = (name: string): unknown => JSON.parse(readFileSync(join(DOCS, name), 'utf8'))

rewrite('administrator-guide.md', withSettingsTable)
const day = figures('watchdog-day.json') as DayReport
const rest = figures('heartbeat-cost.json') as RestFigures[]
rewrite('watchdog.md', (document) => withWatchdogFigures(document, day, rest))
rewrite('limits.md', (document) => withDaySentence(document, day))
