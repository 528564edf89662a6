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
    rules: {
      'no-restricted-globals': [
        'error',
        ...['chrome', 'browser', 'window', 'document', 'setTimeout', 'fetch'].map((name) => ({
          name,
          message: 'Pure decisions: pass it in.',
        })),
      ],
    },
  },
  { files: ['**/*.{js,mjs}', 'scripts/**'], languageOptions: { globals: globals.node } },
  { files: ['bench/contenders/**/*.js'], languageOptions: { globals: globals.browser } },
)
