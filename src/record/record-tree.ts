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

/** The files of a tree: made when they are needed first, as they were saved last. */
interface LateTree {
  /** Null as long as nothing was needed of it. */
  live: Promise<Tree> | null;
  /** Opens the tree as it was before call number `call`, once. */
  goLive(call: number): Promise<Tree>;
  /** From here on the files are those of `treeish`. Counts as a call. */
  begin(treeish: string): void;
}

function createLateTree({ name, commit, counts, recording: { earlier }, open }: RecordedTreeOptions): LateTree {
  const saves = earlier.saves(name);
  // Opening counts as a call, as does a reset: what was saved before it says nothing of the files after it.
  let start = { calls: ++counts.calls, treeish: commit };
  const late: LateTree = {
    live: null,
    goLive(call) {
      const saved = saves.findLast(({ calls }) => calls >= start.calls && calls < call);
      const treeish = saved?.tree ?? start.treeish;
      late.live ??= open().then(async (tree) => {
        if (treeish !== commit) await tree.reset(treeish);
        return tree;
      });
      return late.live;
    },
    begin: (treeish) => {
      start = { calls: ++counts.calls, treeish };
    },
  };
  return late;
}

/** What the journal knows of a call; null where it is to be made, or was in doubt. */
function recordedResult(call: number, tool: string, input: unknown, options: RecordedTreeOptions): ToolResult | null {
  const { name, recording, clean } = options;
  const known = recording.earlier.tool(name, call);
  if (known?.tool !== tool || asText(known.input, clean) !== asText(input, clean)) return null;
  const isSaved = recording.earlier.saves(name).some(({ calls }) => calls >= call);
  return readOnly.has(tool) || isSaved ? { content: known.content, isError: known.isError } : null;
}

/**
 * Answers from the journal until it knows no more; then the tree is opened and its files are put to where they were saved
 * last. A call that may have been made, with nothing saved after it, is the only one in doubt: an edit is made again on
 * the files as they were before it, and a command is not: its agent is told so.
 */
export function createRecordedTree(options: RecordedTreeOptions): RecordedTree {
  const { name, counts, recording } = options;
  const { earlier, reporter } = recording;
  const late = createLateTree(options);
  let dirty = false;
  let saving: Promise<void> = Promise.resolve();
  const saveNow = async (save: number | null): Promise<SavedTree> => {
    const { calls } = counts;
    dirty = false;
    await saving;
    const saved = await (await late.goLive(calls + 1)).save();
    reporter.emit({ type: 'tree.saved', agent: name, calls, save, ...saved });
    return saved;
  };
  if (!isKnown(options)) void late.goLive(counts.calls).catch(() => undefined);

  return {
    ready: async () => void (await late.live),
    async call(tool, input, toolOptions) {
      const call = ++counts.calls;
      const before = late.live === null ? recordedResult(call, tool, input, options) : null;
      if (before !== null) return { ...before, call };
      // Also where an edit before it, of the same reply, has been made again meanwhile.
      const inDoubt = earlier.begun(name, call);
      const tree = late.goLive(call);
      if (readOnly.has(tool)) return { ...(await (await tree).call(tool, input, toolOptions)), call };
      dirty = true;
      reporter.emit({ type: 'tool.started', agent: name, call, tool });
      if (inDoubt && isUnrepeatable(tool, input)) return { ...interrupted(tool), call };
      return { ...(await (await tree).call(tool, input, toolOptions)), call };
    },
    forget: () => void late.live?.then((tree) => tree.forget?.()).catch(() => undefined),
    async run(spec, signal) {
      const tree = await late.goLive(counts.calls + 1);
      dirty = true;
      return tree.run(spec, signal);
    },
    async save() {
      const save = ++counts.saves;
      return (late.live === null ? earlier.save(name, save) : null) ?? saveNow(save);
    },
    async keep() {
      if (late.live === null || !dirty) return;
      saving = saveNow(null).then(
        () => undefined,
        () => undefined, // A dead toolhost is told by the next call.
      );
      await saving;
    },
    async reset(treeish) {
      late.begin(treeish);
      if (late.live === null && isKnown(options)) return;
      await saving;
      dirty = false;
      await (await late.goLive(counts.calls)).reset(treeish);
    },
    close: async () => void (await (await late.live)?.close()),
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
