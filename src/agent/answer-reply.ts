// Answers one whole reply: its calls, its finish, its silence.
import type { ToolResultBlock, ToolUseBlock } from '../messages.ts';
import type { ModelReply, ToolResult } from '../ports.ts';
import { answerToolCalls, refusal, reportAnswer, type AnsweredCall } from './answer-tool-calls.ts';
import { noteCall, type Conversation } from './conversation.ts';
import { judgeFinish, type Finish } from './judge-finish.ts';
import { nextStep } from './next-step.ts';
import type { SessionEnd } from './session.ts';
import { recordCall, startsBackground } from './stuck/record-call.ts';

type Reply = Extract<ModelReply, { kind: 'reply' }>;

interface Answers {
  /** In call order. */
  readonly answered: readonly AnsweredCall[];
  readonly end: SessionEnd | null;
}

/** @returns how the reply ended the conversation, or null when it goes on */
export async function answerReply({ content, stopReason }: Reply, talk: Conversation): Promise<SessionEnd | null> {
  const calls = content.filter((block): block is ToolUseBlock => block.type === 'tool_use');
  const cut = stopReason === 'max_tokens';
  const { answered, end } = cut ? refuseAll(calls, talk) : await answerCalls(calls, talk);
  talk.pending.push(...answered.map(({ result }) => result));
  for (const { call, result } of answered) noteCall(call, result, talk);
  const silent = calls.length === 0 ? 'no-call' : null;
  talk.stretch.turns.push({ calls: cut ? [] : recordsOf(answered, talk), silent: cut ? 'cut' : silent });
  return end ?? nextStep(talk);
}

/** Work first, then `finish`, wherever it stood: it is judged on what the other calls left behind. */
async function answerCalls(calls: readonly ToolUseBlock[], talk: Conversation): Promise<Answers> {
  const work = calls.filter(({ name }) => name !== 'finish');
  const isLastTurn = talk.turn > talk.input.maxTurns;
  const worked = isLastTurn
    ? work.map((call) => refuse(call, LAST_TURN_TEXT, talk))
    : [
        ...(await answerToolCalls(work.slice(0, MAX_CALLS), talk)),
        ...work.slice(MAX_CALLS).map((call) => refuse(call, TOO_MANY_TEXT, talk)),
      ];
  const byId = new Map(worked.map((answer) => [answer.call.id, answer]));
  let end: SessionEnd | null = null;
  let isJudged = false;
  for (const call of calls.filter(({ name }) => name === 'finish')) {
    const startedAt = talk.deps.clock.now();
    const finish: Finish = isJudged ? { result: refusal(JUDGED_TEXT), end } : await judgeFinish(call, worked, talk);
    const result = reportAnswer(call, finish.result, startedAt, talk);
    byId.set(call.id, { call, result, ran: !isJudged });
    isJudged ||= !isUnread(result);
    end = finish.end;
  }
  return { answered: calls.flatMap(({ id }) => byId.get(id) ?? []), end };
}

const refuseAll = (calls: readonly ToolUseBlock[], talk: Conversation): Answers => ({
  answered: calls.map((call) => refuse(call, CUT_TEXT, talk)),
  end: null,
});

function refuse(call: ToolUseBlock, why: string, talk: Conversation): AnsweredCall {
  return { call, result: reportAnswer(call, refusal(why), talk.deps.clock.now(), talk), ran: false };
}

/** What the stuck rules see of the calls that were run, and of a finish that could not be read. */
function recordsOf(answered: readonly AnsweredCall[], talk: Conversation) {
  const known = new Set(talk.tools.map(({ name }) => name));
  return answered.flatMap(({ call, result, ran }) => {
    if (!ran || (call.name === 'finish' && !isUnread(result))) return [];
    const record = recordCall(call, result, known.has(call.name), talk.inBackground);
    if (startsBackground(call) && !result.isError) talk.inBackground = true;
    return [record];
  });
}

const isUnread = ({ content, isError }: ToolResult | ToolResultBlock): boolean =>
  isError && content.startsWith('Invalid arguments for finish:');

/** Calls of one reply that are run; work as it is done has at most some twenty, and every one of them costs. */
const MAX_CALLS = 40;

const TOO_MANY_TEXT = `Not executed: only ${MAX_CALLS} calls of one reply are. Look at their results first.`;
const LAST_TURN_TEXT = 'Not executed: the turn limit is reached; only `finish` is accepted now.';
const JUDGED_TEXT = 'Not judged: another `finish` of the same reply was.';
const CUT_TEXT = 'Not executed: the reply was cut off.';
