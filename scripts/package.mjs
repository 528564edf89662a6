// Builds the extension and packs it for stores and policies: `npm run package -- --key FILE --base-url URL`.
// `npm run release` does the same, of a commit, and refuses to where anything is missing.
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureDependencies, ROOT } from './setup.mjs'

const USAGE = `npm run package -- [--key FILE] [--base-url URL] [--gecko-id ID] [--as-version VERSION] [--out FOLDER]
npm run release -- --key FILE --base-url URL --gecko-id ID [--signed-xpi FILE] [--as-version VERSION] [--out FOLDER]

  --key         the private RSA key that signs the CRX and gives it its id, in PEM, outside of the repository.
                Or in the environment: SIGNOFF_KEY_FILE, or the PEM itself in SIGNOFF_KEY. Without one a fresh key is
                made outside of the repository; the id changes with it.
  --base-url    where the packages will be served (SIGNOFF_BASE_URL)
  --gecko-id    the add-on's id in Firefox (SIGNOFF_GECKO_ID), such as signoff@it.example: Mozilla signs each id for one
                account alone
  --signed-xpi  the XPI of an earlier run, as Mozilla has signed it. A release with WEB_EXT_API_KEY and
                WEB_EXT_API_SECRET in the environment has it signed itself
  --as-version  another version than that of package.json: to roll back, pack older code under a higher number
  --out         where the packages go (dist/packages)`

const options = readOptions()
const commit = options.release ? committed() : undefined
ensureDependencies()
process.exit(await pack())

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        key: { type: 'string', default: process.env.SIGNOFF_KEY_FILE },
        'base-url': { type: 'string', default: process.env.SIGNOFF_BASE_URL },
        'gecko-id': { type: 'string', default: process.env.SIGNOFF_GECKO_ID },
        'signed-xpi': { type: 'string' },
        'as-version': { type: 'string' },
        release: { type: 'boolean', default: false },
        out: { type: 'string', default: join('dist', 'packages') },
        help: { type: 'boolean', default: false },
      },
    })
    if (!values.help) return values
    console.log(USAGE)
    process.exit(0)
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`)
    process.exit(2)
  }
}

function run(program, args) {
  const { status, error } = spawnSync(program, args, { cwd: ROOT, stdio: 'inherit' })
  if (status === 0) return
  if (error) console.error(`${program}: ${error.message}`)
  process.exit(status ?? 1)
}

/** The present commit. A release is made of one, so that anyone can make the same files from it. */
function committed() {
  const git = (...args) => spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' })
  const changed = git('status', '--porcelain')
  const head = git('rev-parse', 'HEAD')
  if (changed.status === 0 && changed.stdout === '' && head.status === 0) return head.stdout.trim()
  console.error('A release is of a commit: commit or put aside what has been changed here first.')
  process.exit(1)
}

async function pack() {
  // Not before the packages are installed. The rest is TypeScript.
  const [cjs, esm] = await Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')])
  cjs.register()
  esm.register()
  const { default: main } = await import('./package/main.ts')
  try {
    // Before anything is built: what is missing is reported at once.
    const wishes = main.checkedWishes({
      built: join(ROOT, 'dist'),
      out: resolve(ROOT, options.out),
      key: options.key,
      pem: process.env.SIGNOFF_KEY,
      baseUrl: options['base-url'] ?? main.EXAMPLE_URL,
      version: options['as-version'],
      geckoId: options['gecko-id'],
      signedXpi: options['signed-xpi'] === undefined ? undefined : resolve(options['signed-xpi']),
      mayAskMozilla: Boolean(process.env.WEB_EXT_API_KEY && process.env.WEB_EXT_API_SECRET),
      commit,
    })
    run('npm', ['run', '--silent', 'build'])
    run('npm', ['run', '--silent', 'lint:ext'])
    return await main.runPackage(wishes)
  } catch (error) {
    console.error(error.message)
    return 1
  }
}
