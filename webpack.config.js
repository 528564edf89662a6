const { readFileSync } = require('node:fs')
const path = require('node:path')
const CopyPlugin = require('copy-webpack-plugin')
const webpack = require('webpack')
const { version, dependencies } = require('./package.json')

/** The browsers by the folder that their build goes to: the same files but for the manifest. */
const TARGETS = ['chrome', 'firefox']

/**
 * One manifest for all browsers, less what a browser does not know: Chromium wants a service worker, Firefox an event
 * page; Firefox hides new buttons in a menu unless `default_area` says otherwise. `key` gives unpacked builds a stable extension id in Chromium, as `gecko.id` does in Firefox.
 */
function manifestFor(target, template) {
  const { key, minimum_chrome_version, browser_specific_settings, background, action, ...rest } = JSON.parse(template)
  const { default_area, ...button } = action
  const own =
    target === 'chrome'
      ? { key, minimum_chrome_version, action: button, background: { service_worker: background.service_worker } }
      : { browser_specific_settings, action: { default_area, ...button }, background: { scripts: background.scripts } }
  return JSON.stringify({ ...rest, version, ...own }, null, 2)
}

/** What is needed at run time, and what that needs in turn. */
function bundled(dependencies, found = new Set()) {
  for (const name of Object.keys(dependencies)) {
    if (found.has(name)) continue
    found.add(name)
    const { dependencies: needed = {} } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'))
    bundled(needed, found)
  }
  return found
}

/** Copies everything that was built for the first browser for the others: it is compiled and compressed once. */
class SameForAll {
  apply(compiler) {
    compiler.hooks.thisCompilation.tap('SameForAll', (compilation) => {
      const stage = webpack.Compilation.PROCESS_ASSETS_STAGE_REPORT
      compilation.hooks.processAssets.tap({ name: 'SameForAll', stage }, () => {
        const [built, ...others] = TARGETS
        for (const { name, source, info } of compilation.getAssets()) {
          if (!name.startsWith(`${built}/`)) continue
          for (const target of others) {
            const copy = name.replace(built, target)
            if (compilation.getAsset(copy) === undefined) compilation.emitAsset(copy, source, info)
          }
        }
      })
    })
  }
}

/** `throwInHooks` makes a build for tests alone, in which every hook in the page throws. */
module.exports = ({ throwInHooks = false, output = 'dist' } = {}) => {
  const [built] = TARGETS
  const bundledLicences = [...bundled(dependencies)].map((name) => ({
    from: `node_modules/${name}/LICENSE*`,
    to: `licenses/${name.replace('/', '-')}.txt`,
    toType: 'file',
  }))
  const files = [
    { from: 'icons/*.png' },
    { from: '_locales', to: '_locales' },
    { from: 'managed_schema.json' },
    { from: 'src/{background,popup,options,welcome,ui}/*.{html,css}', to: '[name][ext]' },
    { from: 'LICENSE', to: '[name].txt', toType: 'template', noErrorOnMissing: true },
    // What is bundled may be passed on with its licence alone.
    ...bundledLicences,
  ]
  const manifests = TARGETS.map((target) => ({
    from: 'manifest.json',
    to: `${target}/manifest.json`,
    transform: (content) => manifestFor(target, content.toString()),
  }))
  return {
    mode: 'production',
    target: ['web', 'es2022'],
    devtool: false,
    // In node_modules/.cache: what has not changed is neither compiled nor compressed again.
    cache: { type: 'filesystem', buildDependencies: { config: [__filename] } },
    entry: {
      page: './src/page/entry.ts',
      'field-probe': './src/page/field-probe/entry.ts',
      content: './src/content/entry.ts',
      background: './src/background/entry.ts',
      popup: './src/popup/popup.ts',
      options: './src/options/options.ts',
      welcome: './src/welcome/welcome.ts',
    },
    output: {
      path: path.resolve(__dirname, output),
      filename: `${built}/[name].js`,
      // What `npm run package` has made stays.
      clean: { keep: /^packages\// },
    },
    resolve: { extensions: ['.ts', '.js'] },
    module: {
      rules: [
        {
          test: /\.ts$/,
          loader: 'ts-loader',
          options: { transpileOnly: true, compilerOptions: { noEmit: false } },
        },
      ],
    },
    plugins: [
      new webpack.DefinePlugin({ __THROW_IN_HOOKS__: JSON.stringify(throwInHooks) }),
      new CopyPlugin({
        patterns: [...manifests, ...files.map((file) => ({ ...file, to: `${built}/${file.to ?? ''}` }))],
      }),
      new SameForAll(),
    ],
    // The bridge has a budget. Nothing of ours is called with `new` that was written as a function. What is inlined
    // further packs worse.
    optimization: {
      minimizeOptions: { javascript: { compress: { passes: 3, unsafe_arrows: true, inline: 1 } } },
    },
    performance: { hints: false },
    stats: 'errors-warnings',
  }
}
