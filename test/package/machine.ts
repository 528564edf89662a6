import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(__dirname, '../..')

/** Mounts the machine's own /etc, and the packages of the real repository, for one command only. */
const ENTER = `set -eu
machine=$1 packages=$2
shift 2
mount --bind "$machine/etc" /etc
mount --bind "$packages" "$machine/repository/node_modules"
cd "$machine/repository"
exec "$@"
`

/**
 * A machine on which the administrator's guide is followed: a committed copy of the repository, and a copy of /etc.
 * Programs on it see them in place of the real ones, in their own mount namespace; the real ones are not changed.
 */
export interface Machine {
  readonly repository: string
  /** Runs commands in the repository as they are printed, and returns their output. Throws if one of them fails. */
  run(commands: string, env?: NodeJS.ProcessEnv): string
  /** A file of the machine's /etc. */
  readonly etc: {
    read(path: string): string
    write(path: string, text: string): void
  }
  /** The path of a program that starts the given one on the machine. */
  program(path: string): string
  remove(): void
}

export function newMachine(): Machine {
  const folder = mkdtempSync(join(tmpdir(), 'machine-'))
  const repository = join(folder, 'repository')
  const etc = (path: string): string => join(folder, 'etc', path)
  writeFileSync(join(folder, 'enter.sh'), ENTER)
  mkdirSync(join(repository, 'node_modules'), { recursive: true })
  // Files that not everybody may read are left out; a browser needs none of them.
  spawnSync('cp', ['-a', '/etc', folder])
  if (!existsSync(etc('passwd'))) throw new Error('/etc could not be copied')
  copyRepository(repository)
  const onMachine = (...command: string[]): [string, string[]] => {
    const namespace = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--user', '--map-root-user']
    const enter = ['bash', join(folder, 'enter.sh'), folder, join(ROOT, 'node_modules')]
    return ['unshare', [...namespace, '--propagation', 'private', ...enter, ...command]]
  }
  return {
    repository,
    run: (commands, env = {}) => {
      const [program, args] = onMachine('bash', '-eu', '-c', commands)
      const clean = { ...process.env, SIGNOFF_KEY: undefined, SIGNOFF_KEY_FILE: undefined, ...env }
      const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env: clean })
      if (status !== 0) throw new Error(`These ended with ${String(status)}:\n${commands}\n${stdout}${stderr}`)
      return stdout + stderr
    },
    etc: {
      read: (path) => readFileSync(etc(path), 'utf8'),
      write: (path, text) => writeFileSync(etc(path), text),
    },
    program: (path) => {
      const [program, args] = onMachine(path)
      const file = join(folder, 'program')
      writeFileSync(file, `#!/bin/sh\nexec ${[program, ...args].map((arg) => `'${arg}'`).join(' ')} "$@"\n`)
      chmodSync(file, 0o755)
      return file
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  }
}

/** Copies everything that is, or would be, committed: the tests cover the current state. */
function copyRepository(to: string): void {
  const files = git(ROOT, 'ls-files', '-z', '--cached', '--others', '--exclude-standard').split('\0')
  for (const file of files.filter((each) => each !== '' && existsSync(join(ROOT, each)))) {
    cpSync(join(ROOT, file), join(to, file))
  }
  git(to, 'init', '--quiet')
  git(to, 'add', '--all')
  git(to, '-c', 'user.name=test', '-c', 'user.email=test@it.example', 'commit', '--quiet', '--message', 'As it is here')
}

function git(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
  return stdout
}
