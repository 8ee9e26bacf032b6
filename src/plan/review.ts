// The review of the integrated work: a clean context (request, acceptance, claims, diff, uses elsewhere, test log), findings as claims.
import * as z from 'zod/mini';
import { fence } from '../agent/fence.ts';
import { limitText } from '../agent/limit-text.ts';
import type { Message } from '../messages.ts';
import type { Check, Issue, Plan, Review, Task, TaskResult } from '../types.ts';
import { countsText } from './counts-text.ts';
import { cutDiff } from './cut-diff.ts';
import { requestText } from './prompt.ts';
import { outputSchemaOf, parseReply, type Parsed } from './reply-json.ts';
import { resultChecksText, type ResultChecks } from './review-checks.ts';

export interface ReviewInput extends ResultChecks {
  readonly issue: Issue;
  readonly tasks: readonly Pick<Task, 'id' | 'title' | 'acceptance'>[];
  /** What came of the tasks: acceptance commands as the program ran them, and what the agents say of their work. */
  readonly results: readonly Pick<TaskResult, 'task' | 'checks' | 'claims'>[];
  readonly decisions: Plan['decisions'];
  /** Lines elsewhere that use a changed name (`path:line: text`). */
  readonly uses: readonly string[];
  /** Unified diff from the base of the run to the integrated result, as git writes it. */
  readonly diff: string;
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

/** Ten are asked for. */
const MAX_FINDINGS = 20;

/** The review. The findings count, not the word: work is faulty exactly when one of them is of high severity. */
export function parseReview(text: string): Parsed<Review> {
  const parsed = parseReply(reviewSchema, text);
  if (!parsed.ok) return parsed;
  const findings = parsed.reply.findings.slice(0, MAX_FINDINGS).map(({ line, why, ...finding }) => ({
    ...finding,
    why: limitText(why),
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

/** The whole conversation of a review, without the brief: the reviewer knows nothing of how the work came about. */
export function reviewMessages(input: ReviewInput): Message[] {
  const { issue, nonce } = input;
  const text = `# Your part: you review a change that others made. Do not build anything.

# The request
${requestText(issue, nonce)}

# Acceptance, run by the program on each task's own work
${fence({ what: 'tasks', by: 'the manager' }, acceptanceText(input), nonce)}
${claimsText(input)}
# Checks on the result, run by the program
${fence({ what: 'checks' }, resultChecksText(input), nonce)}

# The change
${fence({ what: 'diff' }, cutDiff(input.diff, DIFF_CHARS) || '(empty)', nonce)}
${usesText(input)}${input.earlier.length === 0 ? '' : `\n# Found before, and worked on since\n${fence({ what: 'findings', by: 'an earlier review' }, input.earlier.map(findingLine).join('\n'), nonce)}\n`}
Answer as JSON by the given schema. Look for what the checks cannot show: parts of the request that are missing or wrong, cases that break (empty, null, concurrent, error paths), other callers of what changed, security, data loss, tests that would pass without the change.
- \`high\`: only when the request is not met or something that worked breaks, and a change within the request mends it; work is reopened for it, so name the input that shows it. \`medium\`: a person should look. \`low\`: small, but true; at most three, and they are welcome in sound work. No matters of taste, nothing that you only suppose about code you do not see, at most ten findings in all.`;
  return [{ role: 'user', content: [{ type: 'text', text }] }];
}

/** Characters of what one agent says of its work. */
const CLAIM_CHARS = 1_000;

function acceptanceText({ tasks, results }: ReviewInput): string {
  const lines = tasks.map(({ id, title, acceptance }) => {
    const checks = results.find(({ task }) => task.id === id)?.checks ?? [];
    const said = acceptance.map((command) => {
      const check = checks.find((one) => one.command === command);
      return `\`${command}\`${check === undefined ? '' : ` ${stateText(check)}`}`;
    });
    return `- ${id} ${title}: ${said.join(', ') || '(no command)'}`;
  });
  return lines.join('\n');
}

const stateText = (check: Check): string =>
  `${check.exitCode === null ? 'stopped at its time limit' : `exit code ${check.exitCode}`}${countsText(check)}`;

/** What the manager decided and the agents say: judged like the diff, and believed no more. */
function claimsText({ decisions, results, nonce }: ReviewInput): string {
  const decided = decisions.map(({ decision, rationale }) => `- decided: ${decision} (${rationale})`);
  const said = results.flatMap(({ task, claims }) => {
    const text = [claims?.summary, claims?.notes].filter((part) => (part ?? '').trim() !== '').join(' ');
    return text === '' ? [] : [`- ${task.id}: ${text.slice(0, CLAIM_CHARS)}`];
  });
  const lines = [...decided, ...said];
  if (lines.length === 0) return '';
  return `\n# What the builders say (claims to judge, not facts)\n${fence({ what: 'claims' }, lines.join('\n'), nonce)}\n`;
}

const usesText = ({ uses, nonce }: ReviewInput): string =>
  uses.length === 0 ? '' : `\n# Uses of changed names elsewhere\n${fence({ what: 'uses' }, uses.join('\n'), nonce)}\n`;

const findingLine = ({ severity, file, line, why }: Review['findings'][number]): string =>
  `- ${severity}: ${file}${line === null ? '' : `:${line}`}: ${why}`;
