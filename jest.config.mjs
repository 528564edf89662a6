// Unit tests mirror src; wire tests join page, content and background in one process; e2e drives real browsers.
const common = {
  transform: {
    // Each file by itself: types are checked beside the tests, by `npm run types`.
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  testEnvironment: 'node',
  restoreMocks: true,
}

export default {
  // A limit for what hangs, and no measure of speed: on a busy machine the 5 s of Jest were too short for what makes a key.
  testTimeout: 30_000,
  testSequencer: '<rootDir>/test/e2e/longest-first.mjs',
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/test/unit/**/*.test.ts'] },
    {
      ...common,
      displayName: 'wire',
      testMatch: ['<rootDir>/test/wire/**/*.test.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/wire/setup.ts'],
    },
    { ...common, displayName: 'instance', testMatch: ['<rootDir>/test/instance/**/*.test.ts'] },
    { ...common, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.test.ts'] },
    { ...common, displayName: 'package', testMatch: ['<rootDir>/test/package/**/*.test.ts'] },
    {
      ...common,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
      testEnvironment: '<rootDir>/test/e2e/story-environment.ts',
    },
  ],
}
