// Installs what the other scripts need: the npm packages of the lockfile, and real browsers with a display for them.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * Installs the packages of the lockfile unless they are there already. `npm ci` would refuse a lockfile that does not
 * name a package's native parts for every system, and some of those are published later than the package.
 */
export function ensureDependencies() {
  if (hasLockedPackages()) return console.log('packages: as in package-lock.json')
  console.log('packages: npm install')
  must('npm', ['install', '--no-save'])
}

/** The programs that the tests need to drive browsers in real windows, with the Debian package of each. */
const HANDS = {
  Xvfb: 'xvfb',
  openbox: 'openbox',
  xdotool: 'xdotool',
  xset: 'x11-xserver-utils',
  scrot: 'scrot',
  'fc-list': 'fontconfig',
}
const BROWSERS = { chromium: { chromium: 'chromium' }, firefox: { 'firefox-esr': 'firefox-esr' } }

/** Firefox's German language pack: some tests drive it in German. Chromium includes all its languages. */
const WORDS = {
  file: '/usr/lib/firefox-esr/browser/extensions/langpack-de@firefox-esr.mozilla.org.xpi',
  package: 'firefox-esr-l10n-de',
}

/** The Debian packages of the fonts for the pictures, by language. */
const FONTS = { en: ['fonts-dejavu-core', 'fonts-liberation'], ja: ['fonts-vlgothic'] }

/**
 * Installs the named browsers and the programs to drive them.
 * Without root and apt-get, says what to install, and exits.
 */
export function ensureBrowsers(names = Object.keys(BROWSERS)) {
  install('browsers', missingPackages(names), `${names.join(', ')} and what drives them are installed`)
}

/** Installs syslog-ng, which the fleet benchmark can put behind its collector (`--pipeline`). */
export function ensurePipeline() {
  install('pipeline', has('syslog-ng') ? [] : ['syslog-ng-core'], 'syslog-ng is installed')
}

function install(what, missing, there) {
  if (missing.length === 0) return console.log(`${what}: ${there}`)
  if (process.getuid?.() !== 0 || !has('apt-get')) {
    console.error(`Please install ${missing.join(', ')} (the names of the Debian packages), then run this again.`)
    process.exit(1)
  }
  console.log(`${what}: installing ${missing.join(', ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  must('apt-get', ['update', '-q'], env)
  must('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], env)
}

function missingPackages(names) {
  const programs = Object.entries(Object.assign({}, HANDS, ...names.map((name) => BROWSERS[name])))
  const fonts = Object.entries(FONTS).filter(([language]) => !hasFontFor(language))
  const words = names.includes('firefox') && !existsSync(WORDS.file) ? [WORDS.package] : []
  return [
    ...words,
    ...programs.filter(([program]) => !has(program)).map(([, name]) => name),
    ...fonts.flatMap(([, of]) => of),
  ]
}

function has(program) {
  return (process.env.PATH ?? '').split(delimiter).some((dir) => isExecutable(join(dir, program)))
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function hasFontFor(language) {
  const { stdout } = spawnSync('fc-list', [`:lang=${language}`], { encoding: 'utf8' })
  return (stdout ?? '').trim() !== ''
}

/**
 * Compares the lockfile with npm's list of what is installed.
 * Optional packages may be missing: they may be for other systems.
 */
function hasLockedPackages() {
  const installed = join(ROOT, 'node_modules', '.package-lock.json')
  if (!existsSync(installed)) return false
  const there = packagesIn(installed)
  return Object.entries(packagesIn(join(ROOT, 'package-lock.json'))).every(
    ([path, { version, optional }]) => path === '' || optional || there[path]?.version === version,
  )
}

function packagesIn(lockfile) {
  return JSON.parse(readFileSync(lockfile, 'utf8')).packages
}

function must(program, args, env = process.env) {
  const { status, error } = spawnSync(program, args, { cwd: ROOT, env, stdio: 'inherit' })
  if (status === 0) return
  console.error(`${program} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`)
  process.exit(status ?? 1)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureDependencies()
  ensureBrowsers()
}
