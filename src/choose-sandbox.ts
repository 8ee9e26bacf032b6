// The sandbox that an input or flag asks for, over the one of the configuration.
import type { Config } from './config/config.ts';
import { RunError } from './errors.ts';
import type { SandboxConfig } from './types.ts';

const choices: readonly SandboxConfig['backend'][] = ['auto', 'namespaces', 'bubblewrap', 'off'];

/**
 * @param wanted `auto`, `namespaces`, `bubblewrap`, `off`, or blank for the configuration's
 * @param whyNotOff why it must not be off here: a token that may write is at hand; null where it may
 * @throws RunError `input-invalid` or `sandbox-off-refused`
 */
export function chooseSandbox(config: Config, wanted: string, whyNotOff: string | null): Config {
  const name = wanted.trim().toLowerCase();
  if (name === '') return config;
  const backend = choices.find((one) => one === name);
  if (backend === undefined) {
    throw new RunError('input-invalid', { problem: `sandbox "${wanted}" is none of ${choices.join(', ')}` });
  }
  if (backend === 'off' && whyNotOff !== null) throw new RunError('sandbox-off-refused', { why: whyNotOff });
  return { ...config, sandbox: { ...config.sandbox, backend } };
}
