// Shows what the extension does: builds it, opens a CCP in a real browser against an instance on this machine, closes it
// and says what happened. `npm start -- --browser firefox`, `npm start -- --interactive`, `npm start -- --kill`.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBrowsers, ensureDependencies, ROOT } from './setup.mjs'

const USAGE = `npm start -- [--browser chromium|firefox] [--interactive | --kill] [--world NAME|FILE] [--pictures FOLDER]

  --browser      the browser to show it in (chromium)
  --interactive  leaves everything open to play with, until Ctrl+C
  --kill         kills the browser of an Available agent, and has the watchdog set them Offline
  --world        what the instance does where real ones are not known for sure: recorded, worst, or a file of a world
                 (test/instance/world/world.schema.json), such as the one that the field check writes (recorded)
  --pictures     where the pictures go (out/pictures)`

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
      throw new Error(`There is no browser "${values.browser}" here.`)
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
  // Not before the packages are installed. The rest is TypeScript, of which some is required and some is imported.
  const [cjs, esm] = await Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')])
  cjs.register()
  esm.register()
  const { default: demo } = await import('./demo/demo.ts')
  return demo.runDemo(options)
}
