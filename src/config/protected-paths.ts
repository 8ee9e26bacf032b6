// Paths that no agent may change, whatever the issue says: they run code, hold rules or steer agents.

/** Always protected; `protected_paths` adds to them. Globs, matched on whole paths from the repository's root. */
export const alwaysProtectedPaths: readonly string[] = [
  // Runs with credentials, or decides who reviews.
  '.github/**',
  '**/CODEOWNERS',
  '.gitmodules',
  '**/.gitattributes',
  '**/.gitconfig',
  // Runs on a developer's machine without a question.
  '.husky/**',
  '.githooks/**',
  '.pre-commit-config.yaml',
  '**/lefthook.y*ml',
  '.vscode/**',
  '.idea/**',
  '.devcontainer/**',
  // Says where packages come from.
  '**/.npmrc',
  '**/.yarnrc*',
  '**/.pnpmfile.cjs',
  '**/bunfig.toml',
  '**/pip.conf',
  // Steers agents: ours in the next run, others on people's machines.
  'orchestrator-config.json',
  '.ai-agents/**',
  '**/AGENTS.md',
  '**/CLAUDE.md',
  '**/GEMINI.md',
  '.claude/**',
  '**/.mcp.json',
  '**/.cursor*/**',
  '**/.cursorrules',
  '**/.windsurf*',
];
