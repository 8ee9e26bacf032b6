// The credentials in the environment of a process of ours, by their names.

/**
 * Keys and tokens of services that we call, and those that a runner hands to each action
 * (https://docs.github.com/en/actions/reference/security/oidc, and the runner's cache and artifact service).
 */
const names = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'OPENAI_API_KEY',
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'ACTIONS_RUNTIME_TOKEN',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
] as const;

/** Their values, each once. */
export const environmentSecrets = (env: Readonly<Record<string, string | undefined>>): readonly string[] => [
  ...new Set(names.map((name) => env[name] ?? '').filter((value) => value !== '')),
];
