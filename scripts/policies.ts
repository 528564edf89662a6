/**
 * Writes the managed schema and the sample policies from the
 * table of settings: run `npm run policies` after changing it.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { TEMPLATE } from './policies/browsers'
import { samplePolicies } from './policies/samples'
import { managedSchema } from './policies/schema'

const ROOT = join(__dirname, '..')

writeFileSync(join(ROOT, 'managed_schema.json'), `${JSON.stringify(managedSchema(), null, 2)}\n`)
rmSync(join(ROOT, 'policies'), { recursive: true, force: true })
// The pilot's policies, which only observe: somebody may copy them before the organization has decided anything.
for (const [path, text] of Object.entries(samplePolicies(TEMPLATE, 'pilot'))) {
  const file = join(ROOT, 'policies', path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
