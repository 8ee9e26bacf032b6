// One agent's conversation: turn by turn until it finishes, is stuck or meets a limit. History is append-only.
import type { ContentBlock, Message, ToolUseBlock } from '../messages.ts';
import type { Clock, ModelReply, ModelRequest, ToolCallOptions, ToolResult, Tree } from '../ports.ts';
import type { EditFormat, Effort, LimitReached, Role } from '../types.ts';
import { inputUpperBound } from '../money/input-bound.ts';
import { answerToolCalls, reportAnswer } from './answer-tool-calls.ts';
import { askModel, type AskDeps } from './ask-model.ts';
import { REPEATS, repeatsAtEnd, signatureOf } from './stuck.ts';
import { systemPrompt } from './system-prompt.ts';
import { toolDefinitionsFor } from './tools/all.ts';
import { readFinishInput, type FinishInput } from './tools/finish.ts';

export interface SessionInput {
  /** Task id; the agent's name in the journal. */
  readonly agent: string;
  readonly role: Role;
  /** First messages; the one at `sharedPrefixMessages` ends what all agents of the run share. */
  readonly opening: readonly Message[];
  readonly sharedPrefixMessages: number;
  readonly tree: Tree;
  readonly toolOptions: ToolCallOptions;
  readonly maxTurns: number;
  /** Fixed for the run by the model's family; `edit` unless said. */
  readonly editFormat?: EditFormat;
}

export interface SessionDeps extends AskDeps {
  readonly clock: Clock;
  /** Judges `finish(done)`: null accepts, a text hands the work back with it. */
  readonly judge: (claims: FinishInput) => Promise<string | null>;
  /** What git says changed since the task began, as `git diff --stat` would; for compaction and handoff. */
  readonly describeWork: () => Promise<string>;
}

export type SessionEnd =
  | { readonly ended: 'finished'; readonly claims: FinishInput }
  | { readonly ended: 'blocked'; readonly claims: FinishInput }
  | { readonly ended: 'limit'; readonly limit: LimitReached }
  | { readonly ended: 'turns' }
  /** `rule` names the rule of stuck/thresholds.ts, or `refusal` or `context`. */
  | { readonly ended: 'stuck'; readonly rule: string; readonly why: string }
  | { readonly ended: 'refused-work'; readonly why: string; readonly claims: FinishInput }
  | { readonly ended: 'model-failed'; readonly reply: Extract<ModelReply, { kind: 'failed' }> }
  | { readonly ended: 'cancelled' };

export interface AgentSession {
  /**
   * Goes on until the next end. After an end, `told` opens the next stretch of the same conversation; `change` holds
   * from then on.
   */
  proceed(told?: string, change?: { readonly effort?: Effort }): Promise<SessionEnd>;
  turns(): number;
  digest(): SessionDigest;
}

/** What a manager needs to know of a conversation: the last five calls, cut. */
export interface SessionDigest {
  readonly turns: number;
  readonly lastCalls: readonly {
    readonly tool: string;
    /** JSON, at most 200 characters. */
    readonly input: string;
    /** Head of the result, at most 300 characters. */
    readonly result: string;
    readonly isError: boolean;
  }[];
}

/** Times that `finish` may be handed back before the work counts as refused (agent-loop practice: two repairs). */
const MAX_HAND_BACKS = 2;
/** Replies without a tool call before the agent counts as stuck. */
const MAX_SILENT_REPLIES = 3;
/** Share of the turn limit after which the agent is told to wrap up. */
const WRAP_UP_SHARE = 0.75;

interface Conversation {
  messages: Message[];
  /** Parts of the next user message that are waiting to be sent. */
  pending: ContentBlock[];
  turn: number;
  silentReplies: number;
  handBacks: number;
  /** Told of the repeats that end the history now. */
  nudged: boolean;
  lastTotalTokens: number;
  messagesPriced: number;
  readonly history: string[];
  effort: Effort;
  lastCalls: SessionDigest['lastCalls'];
}

/** Starts a conversation; nothing is asked before `proceed`. */
export function startSession(input: SessionInput, deps: SessionDeps): AgentSession {
  const talk: Conversation = {
    messages: [...input.opening],
    pending: [],
    turn: 0,
    silentReplies: 0,
    handBacks: 0,
    nudged: false,
    lastTotalTokens: 0,
    messagesPriced: 0,
    history: [],
    effort: input.role.effort,
    lastCalls: [],
  };
  for (const message of input.opening) tell(message.content.map(textOf).join('\n'), input, talk, deps);
  return {
    async proceed(told, change) {
      talk.effort = change?.effort ?? talk.effort;
      talk.handBacks = 0;
      talk.silentReplies = 0;
      if (told !== undefined) addText(told, input, talk, deps);
      for (;;) {
        const end = await takeTurn(input, talk, deps);
        if (end !== null) return end;
      }
    },
    turns: () => talk.turn,
    digest: () => ({ turns: talk.turn, lastCalls: talk.lastCalls }),
  };
}

async function takeTurn(input: SessionInput, talk: Conversation, deps: SessionDeps): Promise<SessionEnd | null> {
  if (deps.signal?.aborted === true) return { ended: 'cancelled' };
  if (talk.turn > input.maxTurns) return { ended: 'turns' };
  sendPending(talk);
  const turn = talk.turn + 1;
  const reply = await askModel(
    requestOf(input, talk),
    boundOf(input, talk),
    { agent: input.agent, role: input.role.id, turn },
    deps,
  );
  if (reply.kind === 'limit') return { ended: 'limit', limit: reply.limit };
  if (reply.kind === 'failed') {
    return reply.reason === 'aborted' ? { ended: 'cancelled' } : { ended: 'model-failed', reply };
  }
  talk.turn = turn;
  const { usage } = reply;
  talk.lastTotalTokens = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens + usage.outputTokens;
  talk.messagesPriced = talk.messages.length + 1;
  // An empty reply is kept as a word of ours: the API refuses an assistant message without content.
  const content = reply.content.length > 0 ? reply.content : [{ type: 'text' as const, text: '(no reply)' }];
  talk.messages.push({ role: 'assistant', content });
  if (reply.stopReason === 'refusal') return { ended: 'stuck', rule: 'refusal', why: 'the model refused to go on' };
  if (reply.stopReason === 'context_exceeded')
    return { ended: 'stuck', rule: 'context', why: 'the context window is full' };
  return answerReply(reply, input, talk, deps);
}

async function answerReply(
  { content, stopReason }: Extract<ModelReply, { kind: 'reply' }>,
  input: SessionInput,
  talk: Conversation,
  deps: SessionDeps,
): Promise<SessionEnd | null> {
  const cut = stopReason === 'max_tokens';
  const calls = content.filter((block): block is ToolUseBlock => block.type === 'tool_use');
  if (calls.length === 0) return onSilentReply(cut, input, talk, deps);
  talk.silentReplies = 0;
  const report = (call: ToolUseBlock, result: ToolResult, startedAt = deps.clock.now()) =>
    reportAnswer(call, result, { agent: input.agent, turn: talk.turn, startedAt }, deps);
  if (cut) {
    talk.pending.push(...calls.map((call) => report(call, refused(CUT_TEXT))));
    return nextStep(input, talk, deps);
  }
  const lastTurn = talk.turn > input.maxTurns;
  const work = calls.filter((call) => call.name !== 'finish');
  const answered = lastTurn
    ? work.map((call) => report(call, refused(LAST_TURN_TEXT)))
    : await answerToolCalls(work, input.agent, talk.turn, { ...deps, tree: input.tree, options: input.toolOptions });
  const byId = new Map(answered.map((result) => [result.toolUseId, result]));
  let end: SessionEnd | null = null;
  for (const call of calls) {
    const result = byId.get(call.id);
    if (result !== undefined) {
      talk.history.push(signatureOf(call, result));
      talk.lastCalls = [...talk.lastCalls, shortOf(call, result)].slice(-5);
      talk.pending.push(result);
    } else if (end !== null) talk.pending.push(report(call, refused('Already finished.')));
    else {
      const startedAt = deps.clock.now();
      const finish = await judgeFinish(call, talk, deps);
      talk.pending.push(report(call, finish.result, startedAt));
      end = finish.end;
    }
  }
  return end ?? nextStep(input, talk, deps);
}

/** Nudges, before the next request: repeats, the wrap-up notice, the last turn. */
function nextStep(input: SessionInput, talk: Conversation, deps: SessionDeps): SessionEnd | null {
  const repeats = repeatsAtEnd(talk.history);
  if (repeats >= REPEATS.stop)
    return { ended: 'stuck', rule: 'same-call', why: `the same call gave the same result ${repeats} times` };
  if (repeats < REPEATS.nudge) talk.nudged = false;
  else if (!talk.nudged) {
    talk.nudged = true;
    addText(REPEAT_TEXT, input, talk, deps);
  }
  if (talk.turn === Math.floor(input.maxTurns * WRAP_UP_SHARE)) {
    addText(
      `Turns left: ${input.maxTurns - talk.turn}. Wrap up: finish what is begun, run the acceptance commands, call \`finish\`.`,
      input,
      talk,
      deps,
    );
  }
  if (talk.turn === input.maxTurns) addText('This was the last turn for work. Call `finish` now.', input, talk, deps);
  return null;
}

interface Finish {
  readonly result: ToolResult;
  readonly end: SessionEnd | null;
}

async function judgeFinish(call: ToolUseBlock, talk: Conversation, deps: SessionDeps): Promise<Finish> {
  const parsed = readFinishInput(call.input);
  if (!parsed.ok) {
    const result = refused(parsed.message);
    talk.history.push(signatureOf(call, result));
    return { result, end: null };
  }
  const claims = parsed.value;
  if (claims.status !== 'done')
    return { result: accepted('Noted; the work so far is kept.'), end: { ended: 'blocked', claims } };
  const why = await deps.judge(claims);
  if (why === null) return { result: accepted('Accepted.'), end: { ended: 'finished', claims } };
  talk.handBacks += 1;
  return { result: refused(why), end: talk.handBacks > MAX_HAND_BACKS ? { ended: 'refused-work', why, claims } : null };
}

function onSilentReply(cut: boolean, input: SessionInput, talk: Conversation, deps: SessionDeps): SessionEnd | null {
  talk.silentReplies += 1;
  if (talk.silentReplies >= MAX_SILENT_REPLIES)
    return { ended: 'stuck', rule: 'silent-reply', why: 'it replied without using a tool three times' };
  addText(cut ? CUT_TEXT : SILENT_TEXT, input, talk, deps);
  return nextStep(input, talk, deps);
}

function requestOf(input: SessionInput, talk: Conversation): ModelRequest {
  return {
    model: input.role.model,
    maxTokens: input.role.maxTokens,
    system: systemPrompt,
    tools: toolDefinitionsFor(input.editFormat ?? 'edit'),
    toolChoice: 'auto',
    messages: talk.messages,
    sharedPrefixMessages: input.sharedPrefixMessages,
    outputSchema: null,
    effort: talk.effort,
  };
}

function boundOf(input: SessionInput, talk: Conversation): number {
  return inputUpperBound({
    previousTotalTokens: talk.lastTotalTokens,
    newBytes: Buffer.byteLength(JSON.stringify(talk.messages.slice(talk.messagesPriced))),
    firstCallBytes:
      talk.turn === 0
        ? Buffer.byteLength(systemPrompt) +
          Buffer.byteLength(JSON.stringify(toolDefinitionsFor(input.editFormat ?? 'edit')))
        : 0,
  });
}

function sendPending(talk: Conversation): void {
  if (talk.pending.length === 0) return;
  talk.messages.push({ role: 'user', content: talk.pending });
  talk.pending = [];
}

function addText(text: string, input: SessionInput, talk: Conversation, deps: SessionDeps): void {
  talk.pending.push({ type: 'text', text });
  tell(text, input, talk, deps);
}

function tell(text: string, input: SessionInput, talk: Conversation, deps: SessionDeps): void {
  deps.reporter.emit({ type: 'agent.told', agent: input.agent, turn: talk.turn, text });
}

const shortOf = (
  { name, input }: ToolUseBlock,
  { content, isError }: ToolResult,
): SessionDigest['lastCalls'][number] => ({
  tool: name,
  input: JSON.stringify(input).slice(0, 200),
  result: content.slice(0, 300),
  isError,
});

const textOf = (block: ContentBlock): string => (block.type === 'text' ? block.text : `[${block.type}]`);

const accepted = (content: string): ToolResult => ({ content, isError: false });
const refused = (content: string): ToolResult => ({ content, isError: true });

const LAST_TURN_TEXT = 'The turn limit is reached; only `finish` is accepted now.';
const CUT_TEXT = 'Your reply was cut off at its length limit, so nothing of it was run. Do the step in smaller pieces.';
const SILENT_TEXT = 'That reply called no tool. Go on with the task by calling tools, or call `finish` to end it.';
const REPEAT_TEXT =
  'You made the same call three times and got the same result. It will not change: try another way, or finish as blocked and say what stands in the way.';
