// Asks the manager about an agent that cannot go on: a digest goes in, one decision comes back.
import * as z from 'zod/mini';
import type { SessionDigest } from '../agent/agent-session.ts';
import { fence } from '../agent/fence.ts';
import { limitText } from '../agent/limit-text.ts';
import type { Message } from '../messages.ts';
import type { Check, Role, Task } from '../types.ts';
import { ownedGlobs } from './owned-globs.ts';
import { tellingLines } from '../sandbox/test-output/telling-lines.ts';
import { outputSchemaOf, parseReply, type Parsed } from './reply-json.ts';

export interface EscalationInput {
  readonly task: Task;
  /** Name of the rule that stopped the agent (`same-call`), or `blocked`, `needs-split`, `hand-backs`. */
  readonly rule: string;
  /** One plain sentence: what was seen. */
  readonly reason: string;
  /** What the agent says itself (summary and question of `finish`); empty when it said nothing. */
  readonly said: string;
  readonly digest: SessionDigest;
  /** Acceptance commands as last run; empty when they were not. */
  readonly checks: readonly Check[];
  /** Those of them that fail in the same way without the work; empty where none does, and `change_acceptance` is then not offered. */
  readonly failsWithout: readonly string[];
  /** `git diff --stat` of the work so far; empty when nothing changed. */
  readonly work: string;
  readonly spent: { readonly costNanoUsd: number };
  /** Guidance given before on this task, oldest first. */
  readonly earlier: readonly string[];
  /** Roles that may take the task over, and what they run on. */
  readonly role: Pick<Role, 'model' | 'effort'>;
  /** Model that is stronger than the role's; null where there is none, and `stronger_model` is then not offered. */
  readonly strongerModel: string | null;
  readonly nonce: string;
}

/** Order matters: the reason is written before the choice it is for. */
const escalationSchema = z.strictObject({
  rationale: z.string().check(z.describe('one sentence: why this and not something else')),
  action: z.enum([
    'guide',
    'raise_effort',
    'stronger_model',
    'split',
    'reassign_paths',
    'change_acceptance',
    'abandon',
    'ask_person',
  ]),
  text: z
    .string()
    .check(
      z.describe(
        'guide, raise_effort, stronger_model, change_acceptance: what the agent is told; split: what to finish now, and what to leave; ask_person: the one question; abandon: the reason',
      ),
    ),
  paths: z
    .array(z.string())
    .check(z.describe('reassign_paths only: globs that the task may change besides its own; else []')),
  acceptance: z
    .array(z.string())
    .check(z.describe('change_acceptance only: commands in place of those that fail without the work; else []')),
});

export type EscalationReply = z.infer<typeof escalationSchema>;

export const escalationJsonSchema = (): Readonly<Record<string, unknown>> => outputSchemaOf(escalationSchema);

/** The decision; faults where it cannot be carried out as it stands. */
export function parseEscalation(
  text: string,
  { failsWithout }: Pick<EscalationInput, 'failsWithout'>,
): Parsed<EscalationReply> {
  const parsed = parseReply(escalationSchema, text);
  if (!parsed.ok) return parsed;
  const { text: told, paths, acceptance } = parsed.reply;
  const reply = {
    ...parsed.reply,
    ...{ text: limitText(told.trim()), paths: ownedGlobs(paths) },
    acceptance: acceptance.map((command) => command.trim()).filter((command) => command !== ''),
  };
  const faults: string[] = [];
  if (reply.text === '') faults.push(`text: must not be empty for ${reply.action}.`);
  if (reply.action === 'reassign_paths' && reply.paths.length === 0) faults.push('paths: name at least one glob.');
  if (reply.action === 'change_acceptance') {
    if (failsWithout.length === 0)
      faults.push('action: no acceptance command fails without the work, so none is changed.');
    if (reply.acceptance.length === 0) faults.push('acceptance: name at least one command.');
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, reply };
}

/** Characters of each part; together 7,000 or 2,000 tokens (agent-loop practice: a digest, never the conversation). */
const MOST = { instructions: 600, said: 800, checks: 700, work: 400, calls: 2_000, earlier: 400, list: 250 } as const;
/** Of each result, so that the newest of five calls is not the one that is cut. */
const RESULT_CHARS = 200;

/** What the manager is asked. Goes after the shared message, so that the brief is read from the cache. */
export function escalationMessage(input: EscalationInput): Message {
  const { task, digest, nonce } = input;
  const seen = [
    part('What was seen', input.reason, MOST.said),
    part('What it says', cutMiddle(input.said.trim(), MOST.said), Infinity),
    part('Acceptance commands, last run', input.checks.map(checkLine).join('\n'), MOST.checks),
    part('Its changes so far', input.work, MOST.work),
    part('Its last calls, oldest first', digest.lastCalls.map(callLine).join('\n'), MOST.calls),
  ].filter((text) => text !== '');
  const told = part(
    'You told it before, which did not suffice',
    input.earlier.map((one) => `- ${one}`).join('\n'),
    MOST.earlier,
  );
  const text = `# Your part: you are the manager. An agent cannot go on; decide what happens.

${task.id} by ${task.role} (${input.role.model}, effort ${input.role.effort}): ${task.title}
${cut(task.instructions, MOST.instructions)}
Done when these exit 0: ${listed(task.acceptance) || '(none given)'}
May change: ${listed(task.owns)}

Stopped by \`${input.rule}\` after ${digest.turns} turns and $${(input.spent.costNanoUsd / 1e9).toFixed(2)}.
${told === '' ? '' : `${told}\n`}${fence({ what: 'what the agent did', by: task.role }, seen.join('\n\n') || '(nothing)', nonce)}

Answer as JSON by the given schema, with the first action that fits:
- \`guide\`: something it has not seen or tried would help. Name files, lines, commands; never repeat what it was told.
- \`reassign_paths\`: the change must also touch paths it may not change.${failsWithoutText(input.failsWithout)}
- \`raise_effort\`: the way is right, but it needs more thought.${input.strongerModel === null ? '' : `\n- \`stronger_model\`: it is beyond this model; ${input.strongerModel} goes on from the work so far.`}
- \`split\`: a part is done or can be; say which part to finish now. The rest is reported as open.
- \`ask_person\`: only a person can know or allow it. One question that can be answered in a sentence.
- \`abandon\`: it cannot be done, or would cost more than it is worth. The work so far is kept.`;
  return { role: 'user', content: [{ type: 'text', text }] };
}

/** Offered where it was measured that the work is not at fault. */
const failsWithoutText = (commands: readonly string[]): string =>
  commands.length === 0
    ? ''
    : `\n- \`change_acceptance\`: ${listed(commands)} fails in the same way without the work. Give in \`acceptance\` what proves the task instead; of a check of the project only failures that are new count.`;

const part = (title: string, text: string, most: number): string =>
  text.trim() === '' ? '' : `${title}:\n${cut(text.trim(), most)}`;

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most)} [cut]`);

/** What is decisive often stands at the end. */
function cutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  return `${text.slice(0, half)} [cut] ${text.slice(-half)}`;
}

const listed = (texts: readonly string[]): string => cut(texts.map((text) => `\`${text}\``).join(', '), MOST.list);

function checkLine({ command, exitCode, failures, outputTail }: Check): string {
  if (exitCode === 0) return `- \`${command}\` passes`;
  const why = failures.length > 0 ? failures.slice(0, 5).join('; ') : cutMiddle(whyOf(outputTail.trim()), 300);
  return `- \`${command}\` fails (exit code ${exitCode ?? 'none, time limit'}): ${why}`;
}

/** What an output says of its failure where no test is named; else its end. */
function whyOf(output: string): string {
  const lines = tellingLines(output);
  return lines.length > 0 ? lines.slice(0, 3).join('\n  ') : output.slice(-300);
}

const callLine = ({ tool, input, result, isError }: SessionDigest['lastCalls'][number]): string =>
  `- ${tool} ${input}\n  ${isError ? 'error: ' : '-> '}${result.slice(0, RESULT_CHARS).replaceAll('\n', '\n  ')}`;
