// The review of the integrated work: a clean context (request, acceptance, diff, test log), findings as claims.
import * as z from 'zod/mini';
import type { Message } from '../messages.ts';
import type { Check, Issue, Review, Task } from '../types.ts';
import { cutDiff } from './cut-diff.ts';
import { fence } from './fence.ts';
import { requestText } from './prompt.ts';
import { outputSchemaOf, parseReply, type Parsed } from './reply-json.ts';

export interface ReviewInput {
  readonly issue: Issue;
  readonly tasks: readonly Pick<Task, 'id' | 'title' | 'acceptance'>[];
  /** Unified diff from the base of the run to the integrated result, as git writes it. */
  readonly diff: string;
  /** Checks on the integrated result. */
  readonly checks: readonly Check[];
  /** Checks that failed on the base already, by name: not the work's fault. */
  readonly failingBefore: readonly string[];
  /** Findings of the round before that were worked on; empty in the first round. */
  readonly earlier: Review['findings'];
  readonly nonce: string;
}

/** Findings come before the verdict: it is drawn from them. */
const reviewSchema = z.strictObject({
  findings: z.array(
    z.strictObject({
      severity: z.enum(['high', 'medium', 'low']),
      file: z.string().check(z.describe('path as in the diff')),
      line: z.nullable(z.number()).check(z.describe('in the new file; null for the file as a whole')),
      why: z.string().check(z.describe('what goes wrong, for which input, and what would be right')),
    }),
  ),
  verdict: z.enum(['sound', 'faulty']),
});

export const reviewJsonSchema = (): Readonly<Record<string, unknown>> => outputSchemaOf(reviewSchema);

/** The review. The findings count, not the word: work is faulty exactly when one of them is of high severity. */
export function parseReview(text: string): Parsed<Review> {
  const parsed = parseReply(reviewSchema, text);
  if (!parsed.ok) return parsed;
  const findings = parsed.reply.findings.map(({ line, ...finding }) => ({
    ...finding,
    line: line === null || line < 1 ? null : Math.floor(line),
  }));
  if (parsed.reply.verdict === 'faulty' && findings.length === 0) {
    return { ok: false, faults: ['findings: a faulty verdict needs at least one finding.'] };
  }
  return { ok: true, reply: { findings, verdict: findings.some(isHigh) ? 'faulty' : 'sound' } };
}

const isHigh = ({ severity }: Review['findings'][number]): boolean => severity === 'high';

/** About 17,000 tokens: reviewers miss more in longer diffs, and each token is paid at full price (clean context). */
const DIFF_CHARS = 60_000;
/** Characters of the end of a failing check's output. */
const LOG_CHARS = 2_000;

/** The whole conversation of a review, without the brief: the reviewer knows nothing of how the work came about. */
export function reviewMessages(input: ReviewInput): Message[] {
  const { issue, tasks, nonce } = input;
  const acceptance = tasks.map(
    ({ id, title, acceptance: commands }) =>
      `- ${id} ${title}: ${commands.map((command) => `\`${command}\``).join(', ') || '(no command)'}`,
  );
  const text = `# Your part: you review a change that others made. Do not build anything.

# The request
${requestText(issue, nonce)}

# Acceptance
${acceptance.join('\n')}

# Checks on the result, run by the program
${fence('checks', input.checks.map((check) => checkText(check, input.failingBefore)).join('\n') || '(none)', nonce)}

# The change
${fence('diff', cutDiff(input.diff, DIFF_CHARS) || '(empty)', nonce)}
${input.earlier.length === 0 ? '' : `\n# Found before, and worked on since\n${fence('findings', input.earlier.map(findingLine).join('\n'), nonce)}\n`}
Answer as JSON by the given schema. Look for what the checks cannot show: parts of the request that are missing or wrong, cases that break (empty, null, concurrent, error paths), other callers of what changed, security, data loss, tests that would pass without the change.
- \`high\`: the request is not met, or something that worked breaks; work is reopened for it, so name the input that shows it. \`medium\`: a person should look. \`low\`: small. No matters of taste, nothing that you only suppose about code you do not see, at most ten findings, none when it is sound.`;
  return [{ role: 'user', content: [{ type: 'text', text }] }];
}

const findingLine = ({ severity, file, line, why }: Review['findings'][number]): string =>
  `- ${severity}: ${file}${line === null ? '' : `:${line}`}: ${why}`;

function checkText(check: Check, failingBefore: readonly string[]): string {
  const counts = check.passed === undefined ? '' : ` (${check.passed} passed, ${check.failed ?? 0} failed)`;
  if (check.exitCode === 0) return `- \`${check.command}\` passes${counts}`;
  const before = failingBefore.includes(check.name) ? '; it failed before the change too' : '';
  const tail = check.outputTail.trim().slice(-LOG_CHARS);
  return `- \`${check.command}\` fails, exit code ${check.exitCode ?? 'none (time limit)'}${counts}${before}\n${tail}`;
}
