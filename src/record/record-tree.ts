// One agent's tree, recorded. As long as the journal knows what was answered, no process is started and no file is made.
import type { SavedTree, ToolResult, Tree } from '../ports.ts';
import type { Recording } from './record-calls.ts';

/** Numbers of an agent's calls and saves: they go on where the agent's tree is opened once more. */
export interface TreeCounts {
  calls: number;
  saves: number;
}

export interface RecordedTreeOptions {
  /** The agent's name in the journal. */
  readonly name: string;
  readonly commit: string;
  readonly counts: TreeCounts;
  readonly recording: Recording;
  readonly open: () => Promise<Tree>;
  /** What the journal does to every string. */
  readonly clean: (text: string) => string;
}

export interface RecordedTree extends Tree {
  /** Saves what was changed since the last save; resolves when the journal knows of it. Never rejects. */
  keep(): Promise<void>;
  /** Resolves when the files are there, where that is not put off. */
  ready(): Promise<void>;
}

const readOnly: ReadonlySet<string> = new Set(['read', 'search']);

/** What the redactor leaves of a secret: an edit that holds it is not what the model wrote. */
const redactionMark = '***';

/**
 * Answers from the journal until it knows no more; then the tree is opened and its files are put to where they were saved
 * last. A call that may have been made, with nothing saved after it, is the only one in doubt: an edit is made again on
 * the files as they were before it, and a command is not: its agent is told so.
 */
export function createRecordedTree(options: RecordedTreeOptions): RecordedTree {
  const { name, commit, counts, recording, clean } = options;
  const { earlier, reporter } = recording;
  const saves = earlier.saves(name);
  const savedUpTo = Math.max(0, ...saves.map(({ calls }) => calls));
  // Opening counts as a call, as does a reset: what was saved before it says nothing of the files after it.
  let start = { calls: ++counts.calls, treeish: commit };
  let live: Promise<Tree> | null = null;
  let dirty = false;
  let saving: Promise<void> = Promise.resolve();

  /** Opens the tree as it was before call number `call`. */
  const goLive = (call: number): Promise<Tree> => {
    const saved = saves.findLast(({ calls }) => calls >= start.calls && calls < call);
    const treeish = saved?.tree ?? start.treeish;
    live ??= options.open().then(async (tree) => {
      if (treeish !== commit) await tree.reset(treeish);
      return tree;
    });
    return live;
  };
  const recorded = (call: number, tool: string, input: unknown): ToolResult | null => {
    const known = earlier.tool(name, call);
    if (known?.tool !== tool || asText(known.input, clean) !== asText(input, clean)) return null;
    if (!readOnly.has(tool) && call > savedUpTo) return null;
    return { content: known.content, isError: known.isError };
  };
  const saveNow = async (save: number | null): Promise<SavedTree> => {
    const { calls } = counts;
    dirty = false;
    await saving;
    const saved = await (await goLive(calls + 1)).save();
    reporter.emit({ type: 'tree.saved', agent: name, calls, save, ...saved });
    return saved;
  };
  if (!isKnown(options)) void goLive(start.calls).catch(() => undefined);

  return {
    ready: async () => void (await live),
    async call(tool, input, toolOptions) {
      const call = ++counts.calls;
      const before = live === null ? recorded(call, tool, input) : null;
      if (before !== null) return { ...before, call };
      const inDoubt = live === null && earlier.begun(name, call);
      const tree = goLive(call);
      if (readOnly.has(tool)) return { ...(await (await tree).call(tool, input, toolOptions)), call };
      dirty = true;
      reporter.emit({ type: 'tool.started', agent: name, call, tool });
      if (inDoubt && isUnrepeatable(tool, input)) return { ...interrupted(tool), call };
      return { ...(await (await tree).call(tool, input, toolOptions)), call };
    },
    forget: () => void live?.then((tree) => tree.forget?.()).catch(() => undefined),
    async run(spec, signal) {
      const tree = await goLive(counts.calls + 1);
      dirty = true;
      return tree.run(spec, signal);
    },
    async save() {
      const save = ++counts.saves;
      return (live === null ? earlier.save(name, save) : null) ?? saveNow(save);
    },
    async keep() {
      if (live === null || !dirty) return;
      saving = saveNow(null).then(
        () => undefined,
        () => undefined, // A dead toolhost is told by the next call.
      );
      await saving;
    },
    async reset(treeish) {
      start = { calls: ++counts.calls, treeish };
      if (live === null && isKnown(options)) return;
      await saving;
      dirty = false;
      await (await goLive(start.calls)).reset(treeish);
    },
    close: async () => void (await (await live)?.close()),
  };
}

/** True while the journal holds something that this tree has not been asked for yet. */
function isKnown({ name, counts, recording: { earlier } }: RecordedTreeOptions): boolean {
  const next = counts.calls + 1;
  return (
    earlier.tool(name, next) !== null ||
    earlier.begun(name, next) ||
    earlier.save(name, counts.saves + 1) !== null ||
    earlier.saves(name).some(({ calls }) => calls >= counts.calls)
  );
}

const isUnrepeatable = (tool: string, input: unknown): boolean =>
  tool === 'bash' || JSON.stringify(input ?? null).includes(redactionMark);

const asText = (value: unknown, clean: (text: string) => string): string =>
  JSON.stringify(value ?? null, (_key, part: unknown) => (typeof part === 'string' ? clean(part) : part));

const interrupted = (tool: string): ToolResult => ({
  content: `Interrupted: the run was killed while this \`${tool}\` ran, and goes on now. Whether it took effect outside your files is unknown; your files are as they were before it. Look at what you need, and send it again only if that is safe.`,
  isError: true,
});
