import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript'
import type { StreamsVersion } from '../api/tenant'

export interface Asset {
  readonly type: string
  readonly body: string
}

const MODULES = join(__dirname, '..', '..', '..', 'node_modules')
const SITE = join(__dirname, '..', 'site')

const BUNDLES: Readonly<Record<StreamsVersion, string>> = {
  '1.4': 'streams-1.4',
  '1.8': 'streams-1.8',
  '2.28': 'amazon-connect-streams',
}

/** Whether there is a bundle of this version. */
export const isStreamsVersion = (text: string): text is StreamsVersion => text in BUNDLES

const cache = new Map<string, Asset | undefined>()

function bundle(version: StreamsVersion): string {
  return readFileSync(join(MODULES, BUNDLES[version], 'release', 'connect-streams-min.js'), 'utf8')
}

/** One of the site's own scripts, as JavaScript. */
function scriptOf(name: string): string {
  const compilerOptions = { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 }
  return transpileModule(readFileSync(join(SITE, `${name}.ts`), 'utf8'), { compilerOptions }).outputText
}

function read(name: string): Asset | undefined {
  const streams = /^(?:streams|(pushed-)?(path-)?worker)-(\d+\.\d+)\.js$/.exec(name)
  const [, pushed, path, version = ''] = streams ?? []
  if (streams && isStreamsVersion(version)) {
    // The worker is the same bundle as the page's, started as a
    // worker. As far as can be seen, the stock CCP does the same.
    const start = name.startsWith('streams-') ? '' : '\n;connect.worker.main();\n'
    const more = [...(pushed ? ['pushed-snapshots'] : []), ...(path ? ['path-endpoint'] : [])].map(scriptOf)
    return { type: 'text/javascript; charset=utf-8', body: [bundle(version), ...more, start].join('\n') }
  }
  const own = /^([a-z-]+)\.(js|css|svg)$/.exec(name)
  if (!own?.[1]) return undefined
  const file = (extension: string): string => readFileSync(join(SITE, `${own[1] ?? ''}.${extension}`), 'utf8')
  try {
    if (own[2] === 'css') return { type: 'text/css; charset=utf-8', body: file('css') }
    if (own[2] === 'svg') return { type: 'image/svg+xml', body: file('svg') }
    return { type: 'text/javascript; charset=utf-8', body: scriptOf(own[1]) }
  } catch {
    return undefined
  }
}

/** A file for the pages by its name: a Streams bundle, a worker, or one of the site's own scripts and styles. */
export function assetNamed(name: string): Asset | undefined {
  if (!cache.has(name)) cache.set(name, read(name))
  return cache.get(name)
}
