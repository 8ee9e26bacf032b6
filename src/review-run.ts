// The review of the integrated work, and the mending of what it finds. At most two rounds of mending; the rest is shown.
import { askForJson } from './ask-for-json.ts';
import type { RunTasksDeps, RunTasksInput, TaskHelp } from './build-one.ts';
import { usesOfChanges } from './plan/uses-of-changes.ts';
import { parseReview, reviewJsonSchema, reviewMessages } from './plan/review.ts';
import { reopenTask, type Landed } from './reopen-task.ts';
import { ownersOfFindings, reopenedText, type Reopened } from './review/owners-of-findings.ts';
import { whyNoReview } from './review/why-no-review.ts';
import type { Finding, Review } from './types.ts';
import { brokenBy } from './verify/compare.ts';

/** Rounds of mending (agent-loop practice: a third seldom finds what two did not). */
const MAX_ROUNDS = 2;
/** Most output of one review: ten findings of some lines, and the thinking before them. */
const MAX_TOKENS = 16_000;

/** Reviews what is landed and mends it; `landed` is then what is to be published. */
export async function reviewRun(landed: Landed, input: RunTasksInput, deps: RunTasksDeps & TaskHelp): Promise<void> {
  let earlier: readonly Finding[] = [];
  for (let round = 1; ; round++) {
    if (!(await isWorthIt(round, landed, input, deps))) return;
    if (round === 1) deps.reporter.emit({ type: 'stage.started', stage: 'integrate' });
    const review = await askReviewer({ round, earlier }, landed, input, deps);
    if (review === null) return;
    deps.reporter.emit({ type: 'review.ended', round, ...review });
    if (round > MAX_ROUNDS) return;
    const before = landed.head.commit;
    const reopened = ownersOfFindings(review.findings, mergedResults(landed));
    for (const one of reopened) await mend(one, landed, input, deps);
    if (landed.head.commit === before) return;
    earlier = reopened.flatMap(({ findings }) => findings);
  }
}

async function isWorthIt(
  round: number,
  landed: Landed,
  input: RunTasksInput,
  { git, stopReason }: RunTasksDeps,
): Promise<boolean> {
  const { commit, checks } = landed.head;
  const nothing = commit === input.head.commit;
  const changedFiles = nothing ? [] : await git.changedFiles(input.baseCommit, commit);
  // What was mended is looked at again, however small it is by now.
  const mode = round > 1 ? 'always' : input.config.review;
  return whyNoReview({ mode, changedFiles, checks, stopReason: stopReason() }) === null;
}

/** Request, acceptance, claims, diff and checks, and nothing of the conversations that made the work. */
async function askReviewer(
  { round, earlier }: { readonly round: number; readonly earlier: readonly Finding[] },
  landed: Landed,
  input: RunTasksInput,
  deps: RunTasksDeps,
): Promise<Review | null> {
  const { issue, plan, config, nonce } = input;
  const { head } = landed;
  const diff = await deps.git.diff(input.baseCommit, head.commit);
  const answer = await askForJson(
    {
      role: config.manager,
      agent: 'reviewer',
      turn: 2 * round - 1,
      messages: reviewMessages({
        issue,
        tasks: plan.tasks,
        results: mergedResults(landed),
        decisions: plan.decisions,
        diff,
        uses: await usesOfChanges(head.commit, diff, deps.git),
        checks: head.checks,
        checksBefore: input.head.checks,
        broken: brokenBy(input.head.checks, head.checks),
        earlier,
        nonce,
      }),
      sharedPrefixMessages: -1,
      schema: reviewJsonSchema(),
      parse: parseReview,
      maxTokens: MAX_TOKENS,
      editFormat: config.editFormat,
    },
    deps,
  );
  if (answer.ok) return answer.reply;
  deps.reporter.emit({ type: 'warning', message: `The integrated work was not reviewed. ${answer.why}` });
  return null;
}

async function mend(
  { result, findings }: Reopened,
  landed: Landed,
  input: RunTasksInput,
  deps: RunTasksDeps & TaskHelp,
): Promise<void> {
  const at = landed.results.findIndex(({ task }) => task.id === result.task.id);
  const merge = landed.merges.find(({ taskId }) => taskId === result.task.id);
  if (merge === undefined || deps.stopReason() !== null) return;
  const again = { task: result.task, reopened: reopenedText(findings, input.nonce), resolves: null };
  const landing = await reopenTask({ ...again, before: result, merge }, landed, input, deps);
  landed.head = landing.head;
  landed.results[at] = landing.result;
  landed.merges = landed.merges.map((one) => (one === merge ? landing.merge : one));
}

const mergedResults = ({ results, merges }: Landed) =>
  results.filter(({ task }) => merges.some(({ taskId, status }) => taskId === task.id && status === 'merged'));
