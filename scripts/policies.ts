/** Writes what is made from the table of settings: `npm run policies`, after a change there. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { TEMPLATE } from './policies/browsers'
import { samplePolicies } from './policies/samples'
import { managedSchema } from './policies/schema'

const ROOT = join(__dirname, '..')

writeFileSync(join(ROOT, 'managed_schema.json'), `${JSON.stringify(managedSchema(), null, 2)}\n`)
rmSync(join(ROOT, 'policies'), { recursive: true, force: true })
// As for a pilot: what is copied before anybody has decided anything only observes.
for (const [path, text] of Object.entries(samplePolicies(TEMPLATE, 'pilot'))) {
  const file = join(ROOT, 'policies', path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
