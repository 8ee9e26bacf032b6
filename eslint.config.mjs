import tseslint from 'typescript-eslint';

const rim = [
  'src/adapters/**',
  'src/sandbox/**',
  'src/action.ts',
  'src/cli.ts',
  'src/start-*.ts',
  'src/load-model.ts',
  'src/open-run.ts',
  'src/cli-*.ts',
];
const globalsOfTheRim = ['process', 'fetch', 'setTimeout', 'setInterval'].map((name) => ({
  name,
  message: 'Effects live in adapters and entries; take a port as an argument instead.',
}));

export default tseslint.config(
  { ignores: ['dist/', 'demo/sample/', 'node_modules/', '.tmp/', '__tests__/fixtures/'] },
  ...tseslint.configs.strict,
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // Control characters are what our filters look for.
      'no-control-regex': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 300, skipComments: true, skipBlankLines: true }],
      'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
      'max-params': ['error', 4],
      complexity: ['error', 20],
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: rim,
    rules: {
      'no-restricted-globals': ['error', ...globalsOfTheRim],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Take a Clock.' },
        { object: 'Math', property: 'random', message: 'Take a source of chance as an argument.' },
      ],
    },
  },
);
