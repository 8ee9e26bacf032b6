// Judges a call of `finish`: what it says is believed only where it says that the work is not done.
import type { ToolUseBlock } from '../messages.ts';
import type { ToolResult } from '../ports.ts';
import { firstFailure, refusal, type AnsweredCall } from './answer-tool-calls.ts';
import type { Conversation } from './conversation.ts';
import type { SessionEnd } from './session.ts';
import { readFinishInput } from './tools/finish.ts';

export interface Finish {
  readonly result: ToolResult;
  readonly end: SessionEnd | null;
}

/** Times that `finish` may be handed back in a stretch before the work counts as refused: more repairs seldom help. */
const MAX_HAND_BACKS = 2;

/**
 * @param worked the other calls of the same reply: `finish` may stand behind the command that proves the work, which
 * saves a turn, but was written before its result was known. So it counts only when none of them failed.
 */
export async function judgeFinish(
  call: ToolUseBlock,
  worked: readonly AnsweredCall[],
  talk: Conversation,
): Promise<Finish> {
  const parsed = readFinishInput(call.input);
  if (!parsed.ok) return { result: refusal(parsed.message), end: null };
  const claims = parsed.value;
  if (claims.status !== 'done')
    return { result: accepted('Noted; the work so far is kept.'), end: { ended: 'blocked', claims } };
  const failed = firstFailure(worked);
  if (failed !== null) return { result: refusal(notJudged(failed)), end: null };
  const why = await talk.deps.judge(claims);
  if (why === null) return { result: accepted('Accepted.'), end: { ended: 'finished', claims } };
  talk.handBacks += 1;
  return { result: refusal(why), end: talk.handBacks > MAX_HAND_BACKS ? { ended: 'refused-work', why, claims } : null };
}

const accepted = (content: string): ToolResult => ({ content, isError: false });

const notJudged = ({ name }: ToolUseBlock): string =>
  `Not judged: a \`${name}\` of the same reply failed. See its result; call \`finish\` again when it is mended, or at once where the failure is none of yours.`;
