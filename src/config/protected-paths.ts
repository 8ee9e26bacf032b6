// Paths that no agent may change, whatever the issue says: they run code, hold rules or steer agents.

/**
 * Always protected; `protected_paths` adds to them and `protected_paths_exclude` takes from them. Globs on whole paths from
 * the repository's root; letters of either case and look-alikes of other alphabets are the same here.
 */
export const alwaysProtectedPaths: readonly string[] = [
  // Runs with credentials, or decides who reviews.
  '.github/**',
  '.gitlab/**',
  '.gitea/**',
  '.forgejo/**',
  '.circleci/**',
  '.buildkite/**',
  '**/CODEOWNERS',
  '**/Jenkinsfile*',
  '**/.travis.yml',
  '**/.drone.y*ml',
  '**/azure-pipelines*',
  '**/bitbucket-pipelines.yml',
  // What git itself and its servers obey (.gitmodules, .gitattributes, .gitlab-ci.yml), but for `neverProtectedPaths`.
  '**/.git*',
  // Runs on a developer's machine without a question.
  '**/.husky/**',
  '**/.githooks/**',
  '**/.pre-commit-config.y*ml',
  '**/*lefthook*.y*ml',
  '**/*lefthook*.toml',
  '**/*lefthook*.json*',
  '**/.vscode/**',
  '**/.idea/**',
  '**/.devcontainer/**',
  '**/.devcontainer.json',
  // Says where packages come from, or is run by what fetches them.
  '**/.npmrc',
  '**/.yarnrc*',
  '**/.yarn/plugins/**',
  '**/.yarn/releases/**',
  '**/.pnpmfile.cjs',
  '**/bunfig.toml',
  '**/pip.conf',
  '**/pip.ini',
  '**/.pypirc',
  '**/.cargo/**',
  // Steers agents: ours in the next run, others on people's machines.
  'orchestrator-config.json',
  '.ai-agents/**',
  '**/AGENTS.md',
  '**/CLAUDE*.md',
  '**/GEMINI.md',
  '**/.claude/**',
  '**/.codex/**',
  '**/.gemini/**',
  '**/.mcp.json',
  '**/.cursor*',
  '**/.cursor*/**',
  '**/.windsurf*',
  '**/.windsurf*/**',
  '**/.clinerules*',
  '**/.aider*',
];

/** Names of git that carry no power. */
export const neverProtectedPaths: readonly string[] = ['**/.gitignore', '**/.gitkeep'];
