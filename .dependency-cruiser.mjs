// Boundaries as rules. Each comment says what goes wrong without the rule.
const stages = '^src/(config|trigger|plan|execute|integrate|verify|review|publish|report)/';
const base = '^src/(types|messages|events|ports|errors|branch-names)\\.ts$';

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle means that neither file can be read, tested or moved alone.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'base-imports-base',
      comment: 'Nouns, seams and the error catalogue are the ground: they know nothing of what stands on them.',
      severity: 'error',
      from: { path: base },
      to: { path: '^src/', pathNot: base },
    },
    {
      name: 'stages-meet-in-run',
      comment: 'Stages hand values to each other through run.ts; a sideways import hides a step of the story.',
      severity: 'error',
      from: { path: '^src/(config|trigger|plan|execute|integrate|verify|review|publish|report)/' },
      to: { path: stages, pathNot: '^src/$1/' },
    },
    {
      name: 'below-the-stages',
      comment:
        'The agent loop, money, journal, sandbox, diff policy and what finds secrets serve every stage, so they may know none of them.',
      severity: 'error',
      from: { path: '^src/(agent|money|journal|sandbox|policy|secrets)/' },
      to: { path: stages },
    },
    {
      name: 'only-entries-import-adapters',
      comment: 'Whoever imports an adapter can no longer be run without the world it touches.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot:
          '^src/(adapters/|sandbox/toolhost\\.ts$|action\\.ts$|cli\\.ts$|start-[a-z-]+\\.ts$|load-model\\.ts$|open-run\\.ts$|action-(?:run|publish)\\.ts$|cli-[a-z-]+\\.ts$)',
      },
      to: { path: '^src/adapters/' },
    },
    {
      name: 'adapters-import-base',
      comment: 'An adapter translates; a rule of ours inside it would escape every test that replaces it.',
      severity: 'error',
      from: { path: '^src/adapters/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/(types|messages|events|ports|errors|branch-names)\\.ts$',
          '^src/(adapters|money|journal|sandbox)/',
        ],
      },
    },
    {
      name: 'nobody-imports-entries',
      comment: 'Entries read the environment and end the process; a library function must not.',
      severity: 'error',
      from: {},
      to: { path: '^src/(action|cli)\\.ts$' },
    },
    {
      name: 'effects-only-in-adapters',
      comment:
        'Files, processes and sockets stay at the rim, where credentials and paths can be reviewed. The toolhost is its own process and holds no credential.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot:
          '^src/(adapters/|sandbox/|action\\.ts$|cli\\.ts$|start-[a-z-]+\\.ts$|load-model\\.ts$|open-run\\.ts$|action-(?:run|publish)\\.ts$|cli-[a-z-]+\\.ts$)',
      },
      to: { path: '^(node:)?(fs|fs/promises|child_process|net|http|https|timers|timers/promises)$' },
    },
    {
      name: 'sdks-only-in-adapters',
      comment: 'One place per SDK, so that a new version is one review.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(adapters/|action\\.ts$)' },
      to: { path: 'node_modules/(@anthropic-ai|@actions|@octokit|openai)/' },
    },
    {
      name: 'product-never-imports-its-test-bed',
      comment: 'The test bed imitates the outside world; the product must not know that it exists.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(testbed|demo|bench|__tests__|scripts)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js'] },
  },
};
