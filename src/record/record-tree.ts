// One agent's tree, recorded. As long as the journal knows what was answered, no process is started and no file is made.
import type { SavedTree, ToolCallOptions, ToolResult, Tree } from '../ports.ts';
import { textDifference } from './compare-texts.ts';
import type { EarlierTool } from './earlier-run.ts';
import { NotInJournal } from './offline-ports.ts';
import { recordOnlyFailure, type Recording } from './record-calls.ts';

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

interface ToolCall {
  /** Its number. */
  readonly call: number;
  readonly tool: string;
  readonly input: unknown;
}

/** What the journal knows of a call; null where it is to be made, or was in doubt. */
function recordedResult(made: ToolCall, options: RecordedTreeOptions): (ToolResult & { readonly seq: number }) | null {
  const { call, tool, input } = made;
  const { name, recording, clean } = options;
  const known = recording.earlier.tool(name, call);
  if (known === null) return null;
  const { event, seq } = known;
  if (event.tool !== tool || asText(event.input, clean) !== asText(input, clean)) {
    if (recording.replay !== undefined) throw new NotInJournal(otherCall(made, known, options));
    return null;
  }
  const isSaved = recording.earlier.saves(name).some(({ calls }) => calls >= call);
  const isSafe = readOnly.has(tool) || isSaved || recording.replay !== undefined;
  return isSafe ? { content: event.content, isError: event.isError, seq } : null;
}

/** Why a replayed call has no answer, in words. */
function otherCall({ call, tool, input }: ToolCall, { event, seq }: EarlierTool, { name, clean }: RecordedTreeOptions) {
  const [was, is] = [asText(event.input, clean), asText(input, clean)];
  return `${name}: its call number ${call} is \`${tool}\` now, and \`${event.tool}\` in entry ${seq}; the reply before it was changed, or is read differently.\n${textDifference(`${event.tool} ${was}`, `${tool} ${is}`)}`;
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
  if (!isKnown(options) && recording.replay === undefined) void late.goLive(counts.calls).catch(() => undefined);
  const act = <T>(what: string, doIt: () => Promise<T>): Promise<T> => actOn(what, doIt, options);

  return {
    ready: async () => void (await late.live),
    async call(tool, input, toolOptions) {
      const call = ++counts.calls;
      const before = late.live === null ? recordedResult({ call, tool, input }, options) : null;
      if (before !== null) {
        const { content, isError, seq } = before;
        await recording.replay?.reach(seq);
        return { content, isError, call };
      }
      dirty ||= !readOnly.has(tool);
      return { ...(await newResult({ call, tool, input }, toolOptions, { options, late })), call };
    },
    forget: () => void late.live?.then((tree) => tree.forget?.()).catch(() => undefined),
    async run(spec, signal) {
      const tree = await late.goLive(counts.calls + 1);
      dirty = true;
      return tree.run(spec, signal);
    },
    async save() {
      const save = ++counts.saves;
      const before = late.live === null ? earlier.save(name, save) : null;
      if (before === null) return act(`save ${save}`, () => saveNow(save));
      await recording.replay?.reach(before.seq);
      return { tree: before.tree, refused: before.refused };
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
      if (late.live === null && (isKnown(options) || recording.replay !== undefined)) return;
      await saving;
      dirty = false;
      await act(`reset ${counts.calls}`, async () => (await late.goLive(counts.calls)).reset(treeish));
    },
    close: async () => void (await (await late.live)?.close()),
  };
}

/** Does what is new. A failure is recorded, so that a replay fails there, too. */
const actOn = <T>(what: string, act: () => Promise<T>, { name, recording }: RecordedTreeOptions): Promise<T> =>
  recordOnlyFailure(`tree ${name} ${what}`, act, recording);

/** Makes a call that the journal does not answer. */
async function newResult(
  { call, tool, input }: ToolCall,
  toolOptions: ToolCallOptions,
  { options, late }: { readonly options: RecordedTreeOptions; readonly late: LateTree },
): Promise<ToolResult> {
  const { name, recording } = options;
  // Also where an edit before it, of the same reply, has been made again meanwhile.
  const inDoubt = recording.earlier.begun(name, call);
  // At once: what is called beside it finds the tree open.
  const live = recording.replay === undefined ? late.goLive(call) : null;
  const make = async (): Promise<ToolResult> => (await (live ?? late.goLive(call))).call(tool, input, toolOptions);
  if (!readOnly.has(tool)) {
    recording.reporter.emit({ type: 'tool.started', agent: name, call, tool });
    if (inDoubt && isUnrepeatable(tool, input)) return interrupted(tool);
  }
  return actOn(`call ${call}`, make, options);
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
