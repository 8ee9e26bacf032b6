// What is told of the sandbox of a run: which it was, what it let commands reach, and what it lacks.
import type { SandboxFacts } from '../types.ts';
import type { RunState } from './run-state.ts';

const networks: Readonly<Record<SandboxFacts['network'], string>> = {
  none: 'without any network',
  setup: 'without network; package registries can be reached while dependencies are installed',
  registry: 'with package registries as their only network',
  hosts: 'with package registries and the configured hosts as their only network',
};

const trees: Readonly<Record<SandboxFacts['trees'], string>> = {
  overlay: 'Trees are overlays on one copy of the base commit.',
  reflink: 'Trees are copies of the base commit that share its blocks on the disk.',
  copies: 'Trees are whole copies of the base commit.',
};

/** Sentences; empty before it was opened. */
export function sandboxWords({ sandbox }: Pick<RunState, 'sandbox'>): readonly string[] {
  if (sandbox === null) return [];
  if (sandbox.backend === 'off') return ['Commands run without a sandbox (`sandbox` was off).', ...sandbox.lacks];
  return [
    `Commands run in a sandbox: ${sandbox.backend}, ${networks[sandbox.network]}.`,
    trees[sandbox.trees],
    ...sandbox.lacks,
  ];
}
