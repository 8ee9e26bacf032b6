// The trees of a run, recorded: opened late, or never, where the journal knows what came of them.
import type { Tree, Trees } from '../ports.ts';
import { recordCall, recordOnlyFailure, type Recording } from './record-calls.ts';
import { createRecordedTree, type RecordedTree, type TreeCounts } from './record-tree.ts';

export interface RecordedTrees {
  readonly trees: Trees;
  /** Saves what the agent has changed; resolves when that is in the journal. Never rejects. */
  keepWork(agent: string): Promise<void>;
}

/** @param clean what the journal does to every string */
export function recordTrees(trees: Trees, recording: Recording, clean: (text: string) => string): RecordedTrees {
  const counts = new Map<string, TreeCounts>();
  const open = new Map<string, RecordedTree>();
  // What a killed process had prepared lay in its scratch files: it is made again before the first tree, if there is one.
  let prepare: () => Promise<unknown> = () => Promise.resolve();
  const prepareLater = (act: () => Promise<unknown>): void => {
    let done: Promise<unknown> | null = null;
    prepare = () => (done ??= act());
  };

  const openReal = async (name: string, commit: string): Promise<Tree> => {
    await prepare();
    return trees.open(name, commit);
  };
  return {
    keepWork: async (agent) => open.get(agent)?.keep(),
    trees: {
      ...trees,
      sandbox: () => recordCall('sandbox', trees.sandbox, recording),
      async reuse(commit) {
        prepareLater(() => trees.reuse(commit));
        return recordCall('trees.reuse', () => prepare().then(Boolean), recording);
      },
      async setup(commit, command, timeoutMs, signal) {
        const isNew = recording.earlier.answersTo('trees.setup').length === 0;
        if (!isNew) prepareLater(() => trees.setup(commit, command, timeoutMs, signal));
        const act = async () => withoutOutput(await trees.setup(commit, command, timeoutMs, signal));
        return recordCall('trees.setup', act, recording);
      },
      async open(name, commit) {
        const numbers = counts.get(name) ?? { calls: 0, saves: 0 };
        counts.set(name, numbers);
        const real = () => openReal(name, commit);
        const tree = createRecordedTree({ name, commit, counts: numbers, recording, open: real, clean });
        open.set(name, tree);
        await recordOnlyFailure(`tree ${name} open ${numbers.calls}`, () => tree.ready(), recording);
        return tree;
      },
    },
  };
}

/** Nobody reads what a set-up prints, and it may be long. */
const withoutOutput = <T extends { readonly output: string }>(result: T | null): T | null =>
  result === null ? null : { ...result, output: '' };
