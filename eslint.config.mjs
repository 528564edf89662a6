import js from '@eslint/js'
import globals from 'globals'
import importX from 'eslint-plugin-import-x'
import noUnsanitized from 'eslint-plugin-no-unsanitized'
import tseslint from 'typescript-eslint'

/**
 * The worlds of the extension and what each may import, besides itself. A world that is not named in a list is out of
 * its reach: page code may not touch the browser API, pure decisions may not touch anything.
 */
const WORLDS = {
  domain: [],
  protocol: ['domain'],
  platform: [],
  storage: ['domain', 'protocol', 'platform'],
  page: ['domain', 'protocol'],
  content: ['domain', 'protocol', 'platform'],
  background: ['domain', 'protocol', 'platform', 'storage'],
  ui: ['domain', 'protocol', 'platform'],
  options: ['domain', 'protocol', 'platform', 'storage', 'ui'],
  popup: ['domain', 'protocol', 'platform', 'storage', 'ui'],
  welcome: ['domain', 'protocol', 'platform', 'ui'],
}

const zones = Object.entries(WORLDS).map(([world, allowed]) => ({
  target: `./src/${world}`,
  from: './src',
  except: [world, ...allowed].map((name) => `./${name}`),
  message: `src/${world} may import ${[world, ...allowed].join(', ')} alone: move what both need to protocol or domain.`,
}))

/** What pure decisions may not reach: the platform, clocks, timers, randomness, the network. */
const IMPURE = [
  ...[
    'chrome',
    'browser',
    'window',
    'document',
    'globalThis',
    'self',
    'top',
    'parent',
    'frames',
    'navigator',
    'location',
  ],
  ...['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'process', 'Buffer'],
  ...['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'BroadcastChannel', 'Worker', 'postMessage'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'queueMicrotask', 'scheduler'],
  ...['requestAnimationFrame', 'requestIdleCallback', 'AbortSignal', 'performance', 'Temporal', 'crypto'],
]

const PASS_THE_TIME = 'Pure decisions: pass the time in.'

/** Held by test/unit/repository/pure.test.ts. */
const PURE = {
  'no-restricted-globals': [
    'error',
    ...IMPURE.map((name) => ({ name, message: 'Pure decisions: pass in what it gives.' })),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: PASS_THE_TIME },
    { object: 'Math', property: 'random', message: 'Pure decisions: pass the random number in.' },
  ],
  'no-restricted-syntax': [
    'error',
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: PASS_THE_TIME },
    // Another name for it, or a call: only `new Date(time)`, `Date.parse` and `Date.UTC` take all that they need.
    {
      selector: ":not(MemberExpression, NewExpression, TSTypeReference) > Identifier[name='Date']",
      message: PASS_THE_TIME,
    },
    {
      selector: "NewExpression[callee.object.name='Intl'], CallExpression[callee.object.name='Intl']",
      message: 'Pure decisions: the language is the platform’s.',
    },
  ],
}

export default tseslint.config(
  { ignores: ['dist', 'out', 'node_modules'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { 'import-x': importX, 'no-unsanitized': noUnsanitized },
    settings: { 'import-x/resolver-next': [importX.createNodeResolver({ extensions: ['.ts', '.js', '.json'] })] },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': 'error',
      'no-unsanitized/method': 'error',
      'no-unsanitized/property': 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/platform/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'webextension-polyfill', message: 'src/platform/browser.ts is the one place that imports it.' },
          ],
        },
      ],
      'no-restricted-globals': ['error', { name: 'chrome', message: 'Use src/platform/browser.ts.' }],
    },
  },
  {
    files: ['src/page/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { name: 'valibot', message: 'Every CCP loads the bridge: read-content-message.ts checks by hand.' },
        { name: 'webextension-polyfill', message: 'The page has no extension API.' },
      ],
    },
  },
  {
    files: ['src/content/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [{ name: 'webextension-polyfill', message: 'Every CCP would load it: use content-browser.ts.' }],
          patterns: [
            { group: ['**/platform/*', '!**/platform/content-browser'], message: 'Every CCP would load the polyfill.' },
          ],
        },
      ],
    },
  },
  {
    files: ['src/domain/**/*.ts', 'src/protocol/**/*.ts', 'src/page/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['chrome', 'browser'].map((name) => ({ name, message: 'This world has no extension API.' })),
      ],
    },
  },
  {
    files: ['src/domain/**/*.ts', 'src/protocol/**/*.ts'],
    rules: PURE,
  },
  {
    // The watchdog runs in an organization's AWS account: what it decides is pure, and it shares one record with us.
    files: ['watchdog/src/**/*.ts'],
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [importX.createNodeResolver({ extensions: ['.ts', '.js', '.json'] })] },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            { target: './watchdog/src', from: './src', except: ['./protocol/heartbeat.ts'] },
            { target: './watchdog/src/decide', from: './watchdog/src', except: ['./decide'] },
          ],
        },
      ],
      'no-console': 'error',
    },
  },
  { files: ['watchdog/src/decide/**/*.ts'], rules: PURE },
  { files: ['**/*.{js,mjs}', 'scripts/**'], languageOptions: { globals: globals.node } },
  { files: ['bench/contenders/**/*.js'], languageOptions: { globals: globals.browser } },
)
