/**
 * Loads a module of the extension with all its imports into a world with its own globals: several documents and a
 * background live in one process, each with its own window, timers and browser API.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { compileFunction } from 'node:vm'
import { transformSync } from '@swc/core'

const compiled = new Map<string, string>()
const SRC = resolve(__dirname, '../../src')

function compile(file: string): string {
  const known = compiled.get(file)
  if (known !== undefined) return known
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
    swcrc: false,
  })
  compiled.set(file, code)
  return code
}

/**
 * `entry` is below src, without its extension; `globals` are what the world's code finds under these names; `api` is
 * the browser's API, if the world has one.
 */
export function loadWorld(entry: string, globals: Readonly<Record<string, unknown>>, api: object | null): unknown {
  const loaded = new Map<string, { exports: unknown }>()
  const load = (file: string): unknown => {
    const known = loaded.get(file)
    if (known !== undefined) return known.exports
    const module = { exports: {} }
    loaded.set(file, module)
    const importFrom = (name: string): unknown => {
      if (name === 'webextension-polyfill') return { __esModule: true, default: api }
      if (!name.startsWith('.')) return jest.requireActual(name)
      const path = join(dirname(file), name)
      if (path.endsWith('storage/own-store')) return api
      return load(existsSync(`${path}.ts`) ? `${path}.ts` : join(path, 'index.ts'))
    }
    const run = compileFunction(compile(file), ['exports', 'require', 'module', ...Object.keys(globals)]) as (
      ...args: unknown[]
    ) => void
    run(module.exports, importFrom, module, ...Object.values(globals))
    return module.exports
  }
  return load(join(SRC, `${entry}.ts`))
}
