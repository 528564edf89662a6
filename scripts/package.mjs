// Builds the extension and packs it for stores and policies: `npm run package -- --key FILE --base-url URL`.
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureDependencies, ROOT } from './setup.mjs'

const USAGE = `npm run package -- [--key FILE] [--base-url URL] [--as-version VERSION] [--out FOLDER]

  --key         the private RSA key that signs the CRX and gives it its id, in PEM, outside of the repository.
                Or in the environment: SIGNOFF_KEY_FILE, or the PEM itself in SIGNOFF_KEY. Without one a fresh key is
                made outside of the repository; the id changes with it.
  --base-url    where the packages will be served (SIGNOFF_BASE_URL)
  --as-version  another version than that of package.json: to roll back, pack older code under a higher number
  --out         where the packages go (dist/packages)`

const options = readOptions()
ensureDependencies()
run('npm', ['run', '--silent', 'build'])
run('npm', ['run', '--silent', 'lint:ext'])
process.exit(await pack())

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        key: { type: 'string', default: process.env.SIGNOFF_KEY_FILE },
        'base-url': { type: 'string', default: process.env.SIGNOFF_BASE_URL },
        'as-version': { type: 'string' },
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

async function pack() {
  // Not before the packages are installed. The rest is TypeScript.
  const [cjs, esm] = await Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')])
  cjs.register()
  esm.register()
  const { default: main } = await import('./package/main.ts')
  try {
    return await main.runPackage({
      built: join(ROOT, 'dist'),
      out: resolve(ROOT, options.out),
      key: options.key,
      pem: process.env.SIGNOFF_KEY,
      baseUrl: options['base-url'] ?? main.EXAMPLE_URL,
      version: options['as-version'],
    })
  } catch (error) {
    console.error(error.message)
    return 1
  }
}
