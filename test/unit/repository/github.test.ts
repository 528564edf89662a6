/** Files for GitHub, which cannot be run here: checked by GitHub's own workflow parser, and by what they name. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import packageJson from '../../../package.json'
import { all, read, ROOT } from '../docs/documents'

const WORKFLOWS = readdirSync(join(ROOT, '.github/workflows')).map((name) => `.github/workflows/${name}`)
const FORMS = readdirSync(join(ROOT, '.github/ISSUE_TEMPLATE'))
  .filter((name) => name !== 'config.yml')
  .map((name) => `.github/ISSUE_TEMPLATE/${name}`)

/**
 * Returns what GitHub's parser reports. It is an ES module that imports JSON, so it runs in its own process, by tsx.
 */
function mistakesIn(workflow: string): unknown {
  const script = `
    import { parseWorkflow, convertWorkflowTemplate } from '@actions/workflow-parser'
    let content = ''
    for await (const chunk of process.stdin) content += chunk
    const silent = { info() {}, verbose() {}, error() {} }
    const { context, value } = parseWorkflow({ name: 'workflow.yml', content }, silent)
    const { jobs = [] } = value === undefined ? {} : await convertWorkflowTemplate(context, value)
    const errors = context.errors.getErrors().map(({ message }) => message)
    console.log(JSON.stringify({ errors, jobs: jobs.map(({ id }) => String(id)) }))`
  const run = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: ROOT,
    input: workflow,
    encoding: 'utf8',
  })
  if (run.status !== 0) throw new Error(run.stderr)
  return JSON.parse(run.stdout)
}

describe.each(WORKFLOWS)('%s', (path) => {
  const text = read(path)

  it('is a valid workflow for GitHub’s own parser', () => {
    const { jobs } = parse(text) as { jobs: object }
    expect(mistakesIn(text)).toEqual({ errors: [], jobs: Object.keys(jobs) })
  })

  it('runs npm commands that exist, and states that it has not been run yet', () => {
    const named = [...all(text, /npm run ([\w:-]+)/g), ...all(text, /npm (start|test)\b/g)]
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter((name) => !(name in packageJson.scripts))).toEqual([])
    expect(text).toContain('has not been run yet')
  })

  it('has no more rights than needed, and a version for every action', () => {
    const { permissions } = parse(text) as { permissions: unknown }
    expect(permissions).toEqual({ contents: 'read' })
    for (const action of all(text, /uses: (.*)/g)) expect(action).toMatch(/^actions\/[\w-]+@v\d+$/)
  })
})

it('a mistake in a workflow is found', () => {
  const broken = read('.github/workflows/ci.yml').replace('runs-on:', 'runs-at:')
  expect(JSON.stringify(mistakesIn(broken))).toContain('runs-at')
})

it('the release passes the environment variables that the command reads', () => {
  const release = read('.github/workflows/release.yml')
  const script = read('scripts/package.mjs')
  const given = all(release, /^ {10}((?:SIGNOFF|WEB_EXT)_\w+): \$\{\{ (?:secrets|vars)\.\1 \}\}$/gm)
  const wanted = all(script, /process\.env\.((?:SIGNOFF|WEB_EXT)_\w+)/g).filter((name) => name !== 'SIGNOFF_KEY_FILE')
  expect(given.sort()).toEqual([...new Set(wanted)].sort())
})

it.each(FORMS)('%s asks for something, with fields that GitHub has', (path) => {
  const form = parse(read(path)) as Record<string, unknown> & {
    body: { type: string; id?: string; attributes: object }[]
  }
  expect(Object.keys(form).sort()).toEqual(['body', 'description', 'labels', 'name'])
  const kinds = ['markdown', 'input', 'textarea', 'dropdown', 'checkboxes']
  expect(form.body.map(({ type }) => type).filter((type) => !kinds.includes(type))).toEqual([])
  const asked = form.body.filter(({ type }) => type !== 'markdown')
  expect(asked.length).toBeGreaterThan(0)
  expect(new Set(asked.map(({ id }) => id)).size).toBe(asked.length)
  for (const { attributes } of asked) expect(attributes).toHaveProperty('label')
})

it('the dependency bot checks npm and the workflows weekly', () => {
  const { version, updates } = parse(read('.github/dependabot.yml')) as {
    version: number
    updates: { 'package-ecosystem': string; directory: string; schedule: unknown }[]
  }
  expect(version).toBe(2)
  expect(updates.map((update) => update['package-ecosystem'])).toEqual(['npm', 'github-actions'])
  for (const { directory, schedule } of updates) {
    expect({ directory, schedule }).toEqual({ directory: '/', schedule: { interval: 'weekly' } })
  }
  expect(existsSync(join(ROOT, 'package-lock.json'))).toBe(true)
})
