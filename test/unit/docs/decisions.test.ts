import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decisionsDocument } from '../../../scripts/decisions/document'

test('docs/decisions.md says what the code does: `npm run docs` writes it anew', () => {
  expect(readFileSync(join(__dirname, '../../../docs/decisions.md'), 'utf8')).toBe(decisionsDocument())
}, 60_000)
