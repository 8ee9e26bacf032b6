/** Native ES modules, TypeScript stripped by swc; nothing in node_modules is transformed. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  // Run by `npm run test:attacks`.
  testPathIgnorePatterns: ['/node_modules/', '/__tests__/attacks/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/demo/sample/', '<rootDir>/.tmp/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022', experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  maxWorkers: 2,
};
