/** Writes the parts of the documentation that are made from the code: `npm run docs`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decisionsDocument } from './decisions/document'

writeFileSync(join(__dirname, '../docs/decisions.md'), decisionsDocument())
