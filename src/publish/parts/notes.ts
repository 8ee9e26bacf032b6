// What a reviewer should know besides the numbers: decisions, claims, how the branches came together, warnings.
import { formatCounted } from '../../journal/format.ts';
import { hiddenSentence } from '../../journal/hidden-sentence.ts';
import { runDecisions } from '../../journal/run-decisions.ts';
import type { RunState } from '../../journal/run-state.ts';
import type { Claims } from '../../types.ts';
import { code, foreign } from '../foreign.ts';
import { foreignBlock } from '../foreign-block.ts';
import { bullets, fold, sections } from './table.ts';
import { changedFile } from './task-words.ts';

/** The manager's decisions, of the plan and on the way, each with its rationale and whom it binds; empty without any. */
export function decisionList(state: RunState, max: number): string {
  const items = runDecisions(state).map(({ decision, rationale, affectedAgents }) => {
    const agents = affectedAgents.length === 0 ? '' : ` _(${affectedAgents.map((a) => foreign(a, 60)).join(', ')})_`;
    return `**${foreign(decision.trim().replace(/\.$/, ''))}**: ${foreign(rationale, 600)}${agents}`;
  });
  return bullets(items, max);
}

/** What all tasks built on: the contract's words, and the files that were committed before them; empty without one. */
export function contractNote({ plan, integration }: RunState, max: number): string {
  if (!plan?.contract) return '';
  const { summary, files } = plan.contract;
  const paths = files.map(({ path }) => {
    const change = integration?.changedFiles.find((file) => file.path === path);
    return change ? changedFile(change) : code(path);
  });
  return sections(
    `Committed before the tasks, which all built on it and could not change it: ${foreign(summary, 600)}`,
    bullets(paths, max),
  );
}

/** What the agents say of their work, quoted and marked as such; at most `maxLength` characters each, none at 0. */
export function claimList({ tasks }: RunState, maxLength: number): string {
  if (maxLength === 0) return '';
  const parts = tasks.flatMap(({ task, result }) =>
    result?.claims
      ? [`**${foreign(task.id)}**, ${foreign(task.role, 60)}, says:\n\n${quoted(result.claims, maxLength)}`]
      : [],
  );
  return parts.join('\n\n');
}

function quoted(claims: Claims, maxLength: number): string {
  const ran = claims.testsRun.slice(0, 10).map((test) => code(test, 120));
  const text = sections(
    foreignBlock(claims.summary, maxLength),
    ran.length > 0 && `Says it ran: ${ran.filter(Boolean).join(', ')}`,
    foreignBlock(claims.notes, maxLength),
  );
  return text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

/** Work that was handed back at integration, and lines that did not survive it; empty when all went in as it was. */
export function integrationNotes({ tasks, integration }: RunState, max: number): string {
  const returned = tasks.flatMap(({ task, merge }) =>
    (merge?.returns ?? []).map((r) => `**${foreign(task.id)}** was handed back (${r.kind}): ${foreign(r.detail)}`),
  );
  const lost = (integration?.lost ?? []).map(
    ({ taskId, path, lines }) =>
      `${code(path)}: ${formatCounted(lines, 'line')} of **${foreign(taskId)}** did not survive`,
  );
  const warning =
    lost.length > 0 &&
    'Lines of an integrated task that the result no longer has (a later task or a resolved conflict changed them):';
  return sections(bullets(returned, max), warning, bullets(lost, max));
}

/** Warnings of the run, and how much hidden text the filter took out of the request; folded when there are many. */
export function warningList({ warnings, issue }: RunState, max = 20): string {
  const hidden = foreign(hiddenSentence(issue), 600);
  const list = bullets([...(hidden === '' ? [] : [hidden]), ...warnings.map((warning) => foreign(warning, 600))], max);
  if (list === '') return '';
  return warnings.length > 3 ? fold(`⚠️ ${warnings.length} warnings`, list) : `**Warnings**\n\n${list}`;
}
