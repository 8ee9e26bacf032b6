import base from './jest.config.mjs';

/** The attack suite alone (`npm run test:attacks`): it needs a sandbox, and ends with its count. */
export default {
  ...base,
  testMatch: ['<rootDir>/__tests__/attacks/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  reporters: ['default', '<rootDir>/__tests__/attacks/count-reporter.mjs'],
};
