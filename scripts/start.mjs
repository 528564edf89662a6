// Shows what the extension does: builds it, opens a CCP in a real browser against a stand-in instance on this machine,
// closes it, and prints what happened.
// `npm start -- --browser firefox`, `npm start -- --interactive`, `npm start -- --kill`.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBrowsers, ensureDependencies, ROOT } from './setup.mjs'

const USAGE = `npm start -- [--browser chromium|firefox] [--interactive | --kill] [--world NAME|FILE] [--pictures FOLDER]

  --browser      the browser to use (chromium)
  --interactive  opens everything to play with, until Ctrl+C
  --kill         kills the browser of an Available agent, and lets the watchdog set the agent Offline
  --world        how the instance behaves where real instances are not known for sure: recorded, worst, or the file of a
                 world (test/instance/world/world.schema.json), such as one that the field check has written (recorded)
  --pictures     the folder for the pictures (out/pictures)`

const options = readOptions()
ensureDependencies()
ensureBrowsers([options.browser])
build()
process.exit(await runDemo())

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        browser: { type: 'string', default: 'chromium' },
        interactive: { type: 'boolean', default: false },
        kill: { type: 'boolean', default: false },
        world: { type: 'string', default: 'recorded' },
        pictures: { type: 'string', default: join('out', 'pictures') },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) {
      console.log(USAGE)
      process.exit(0)
    }
    if (!['chromium', 'firefox'].includes(values.browser)) {
      throw new Error(`"${values.browser}" is not one of the browsers.`)
    }
    return values
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`)
    process.exit(2)
  }
}

function build() {
  console.log('build: npm run build')
  const { status, error } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status === 0) return
  console.error(`The build failed${error ? `: ${error.message}` : '; run `npm run build` to see why'}.`)
  process.exit(1)
}

async function runDemo() {
  // Imported only now, since the packages had to be installed first. tsx loads the rest, which is TypeScript: some of
  // it by `require`, some by `import`.
  const [cjs, esm] = await Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')])
  cjs.register()
  esm.register()
  const { default: demo } = await import('./demo/demo.ts')
  return demo.runDemo(options)
}
