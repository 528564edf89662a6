// Builds the extension and packs it for stores and policies: `npm run package -- --key FILE --base-url URL`.
// `npm run release` does the same for a commit without uncommitted changes, and fails where anything is missing.
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureDependencies, ROOT } from './setup.mjs'

const USAGE = `npm run package -- [--key FILE] [--base-url URL] [--gecko-id ID] [--as-version VERSION] [--out FOLDER]
npm run release -- --key FILE --base-url URL --gecko-id ID [--signed-xpi FILE] [--as-version VERSION] [--out FOLDER]

  --key         the private RSA key that signs the CRX and determines its id: a PEM file outside the repository.
                Or in the environment: SIGNOFF_KEY_FILE, or the PEM itself in SIGNOFF_KEY. Without a key a new one is
                made outside the repository, and the extension gets a new id.
  --base-url    where the packages will be served (SIGNOFF_BASE_URL)
  --gecko-id    the add-on's id in Firefox (SIGNOFF_GECKO_ID), such as signoff@it.example. Mozilla signs each id for
                only one account
  --signed-xpi  the XPI of an earlier run, signed by Mozilla. A release with WEB_EXT_API_KEY and WEB_EXT_API_SECRET in
                the environment asks Mozilla to sign it
  --as-version  a version other than the one in package.json. To roll back, pack older code under a higher version
  --out         the folder for the packages (dist/packages)`

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

/** The hash of the current commit. A release is made from a commit, so that anyone can make the same files again. */
function committed() {
  const git = (...args) => spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' })
  const changed = git('status', '--porcelain')
  const head = git('rev-parse', 'HEAD')
  if (changed.status === 0 && changed.stdout === '' && head.status === 0) return head.stdout.trim()
  console.error('A release is made from a commit: commit or stash your changes first.')
  process.exit(1)
}

async function pack() {
  // Imported only now, since the packages had to be installed first. tsx loads the rest, which is TypeScript.
  const [cjs, esm] = await Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')])
  cjs.register()
  esm.register()
  const { default: main } = await import('./package/main.ts')
  try {
    // Checked before the build, so that missing options are reported at once.
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
