// Which environment variables a configuration may pass on to commands that untrusted code shapes.

const secretLike = /TOKEN|SECRET|KEY|PASS|CRED|AUTH/i;

/** Prefixes that hold credentials or change how tools load code. */
const refusedPrefixes = [
  'ACTIONS_',
  'GITHUB_',
  'RUNNER_',
  'INPUT_',
  'ANTHROPIC_',
  'AWS_',
  'AZURE_',
  'GOOGLE_',
  'GIT_',
  'LD_',
  'DYLD_',
  'NODE_OPTIONS',
  'NPM_CONFIG_',
  'PIP_',
  'SSH_',
  'DOCKER_',
];

/** True when a variable of this name may be passed on: a plain name that is neither secret-like nor a tool's setting. */
export function isHarmlessVariable(name: string): boolean {
  const upper = name.toUpperCase();
  return (
    /^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name) &&
    !secretLike.test(name) &&
    !refusedPrefixes.some((prefix) => upper.startsWith(prefix))
  );
}
