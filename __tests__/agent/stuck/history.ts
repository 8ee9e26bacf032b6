// Histories for tests of the stuck rules: each call with what it was answered.
import { levelOf } from '../../../src/agent/stuck/judge-history.ts';
import { recordCall } from '../../../src/agent/stuck/record-call.ts';
import type { CallRecord, Rule, TurnHistory, TurnRecord } from '../../../src/agent/stuck/turn-history.ts';

export const made = (
  tool: string,
  input: unknown,
  content: string,
  isError = false,
  inBackground = false,
): CallRecord =>
  recordCall({ type: 'tool_use', id: 'x', name: tool, input }, { content, isError }, tool !== 'teleport', inBackground);

export const ran = (command: string, output: string, exitCode = 0): CallRecord =>
  made('bash', { command }, `exit code ${exitCode} (0.1 s)\n${output === '' ? '(no output)' : output}`);
/** A command that ran to its end and failed, which is no error of the call. */
export const failed = (command: string, output: string): CallRecord => ran(command, output, 1);
export const looked = (path: string, content = `text of ${path}`): CallRecord =>
  made('read', { paths: [{ path }] }, content);
export const edited = (path: string, from: string, to: string): CallRecord =>
  made('edit', { path, edits: [{ old_string: from, new_string: to }] }, `Edited ${path}`);
export const misedited = (path: string, text: string): CallRecord =>
  made('edit', { path, edits: [{ old_string: text, new_string: '' }] }, `no match for ${text}`, true);

export const turn = (...calls: readonly CallRecord[]): TurnRecord => ({ calls, silent: null });
export const silence = (how: 'no-call' | 'cut' = 'no-call'): TurnRecord => ({ calls: [], silent: how });
export const history = (...turns: readonly TurnRecord[]): TurnHistory => ({ turns, nudges: [] });
/** One call a turn. */
export const oneByOne = (...calls: readonly CallRecord[]): TurnHistory => history(...calls.map((call) => turn(call)));

export const times = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** What one rule makes of a history. */
export function levelBy(rule: Rule, past: TurnHistory): 'stop' | 'nudge' | null {
  const sign = rule(past);
  return sign === null ? null : levelOf(sign);
}
