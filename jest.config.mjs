// Unit tests mirror src; wire tests join page, content and background in one process; e2e drives real browsers.
const common = {
  transform: {
    '^.+\\.ts$': [
      'ts-jest',
      { tsconfig: { module: 'CommonJS', moduleResolution: 'node10', ignoreDeprecations: '6.0' }, diagnostics: false },
    ],
  },
  testEnvironment: 'node',
  restoreMocks: true,
}

export default {
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/test/unit/**/*.test.ts'] },
    {
      ...common,
      displayName: 'wire',
      testMatch: ['<rootDir>/test/wire/**/*.test.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/wire/patience.ts'],
    },
    { ...common, displayName: 'instance', testMatch: ['<rootDir>/test/instance/**/*.test.ts'] },
    { ...common, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.test.ts'] },
    { ...common, displayName: 'package', testMatch: ['<rootDir>/test/package/**/*.test.ts'] },
    { ...common, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
  ],
}
