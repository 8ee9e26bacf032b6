// The comment command: `/ai-implement [plan] [confirm <hash>] [words]` or `/ai-implement stop` on the first line, at column 0.
import type { Trigger } from '../types.ts';

/** Where a comment of ours says so; people do not see it. Every text we post carries it. */
export const ownMarker = '<!-- ai-implement:';

export type CommentCommand =
  | {
      readonly kind: 'command';
      readonly command: Trigger['command'];
      readonly instructions: string;
      /** See `Trigger`. */
      readonly confirm?: string;
    }
  | { readonly kind: 'unavailable'; readonly verb: string }
  | { readonly kind: 'none' };

// What follows a later verb tells it from a sentence: "stop" is a command, "stop using jQuery" is an instruction.
const laterVerbs = /^(?:(status|help)|(approve)(?: [0-9a-f]{6,64})?|(retry)(?: TASK-\d+)*|(revise)\b.*)$/i;

// A hash has at least the length that we show; anything else after "confirm" is a sentence.
const confirmation = /^confirm(?:[ \t]+([0-9a-f]{12,64})(?:[ \t]+(.*))?)?$/i;

/**
 * Reads a comment. Only its first line, from column 0, can be a command, so quotes, code blocks and later lines
 * never are. Words after the command, and the lines below it, are instructions.
 */
export function readCommand(body: string): CommentCommand {
  const [first = '', ...below] = body.replaceAll('\r\n', '\n').split('\n');
  const match = /^\/ai-implement(?:[ \t]+(.*))?$/i.exec(first.trimEnd());
  if (match === null) return { kind: 'none' };
  const words = (match[1] ?? '').trim();
  const verb = laterVerbs.exec(words)?.slice(1).find(Boolean);
  if (verb !== undefined) return { kind: 'unavailable', verb: verb.toLowerCase() };
  if (/^stop$/i.test(words)) return { kind: 'command', command: 'stop', instructions: '' };
  const planWords = /^plan(?:[ \t]+(.*))?$/i.exec(words);
  const said = planWords === null ? words : (planWords[1] ?? '');
  const confirmed = confirmation.exec(said);
  const instructions = [confirmed === null ? said : (confirmed[2] ?? ''), ...below].join('\n').trim();
  const confirm = confirmed === null ? {} : { confirm: (confirmed[1] ?? '').toLowerCase() };
  return { kind: 'command', command: planWords === null ? 'run' : 'plan', instructions, ...confirm };
}
