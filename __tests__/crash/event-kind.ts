// What an event of a journal is called when a kill point is named after it.
import type { RunEvent } from '../../src/events.ts';

/** Every kind of the union; the compiler sees to it that none is missing. */
const kinds: Readonly<Record<RunEvent['type'], true>> = {
  'run.started': true,
  'run.resumed': true,
  'run.continued': true,
  'stop.requested': true,
  'call.started': true,
  'call.ended': true,
  'stage.started': true,
  'issue.read': true,
  'base.opened': true,
  'setup.ended': true,
  'plan.refused': true,
  'plan.accepted': true,
  'task.started': true,
  'model.asked': true,
  'model.replied': true,
  'model.failed': true,
  'model.retried': true,
  'agent.told': true,
  'tool.started': true,
  'tree.saved': true,
  'tool.ended': true,
  'agent.steps': true,
  'task.handed-back': true,
  'check.ended': true,
  'task.ended': true,
  'merge.ended': true,
  'escalation.ended': true,
  'question.asked': true,
  'review.ended': true,
  'integration.ended': true,
  'verification.ended': true,
  'limit.reached': true,
  'branch.pushed': true,
  'comment.saved': true,
  'call.failed': true,
  'confirmation.asked': true,
  'sandbox.opened': true,
  'request.part': true,
  'diff.judged': true,
  'work.held-back': true,
  'work.handed-over': true,
  'handover.checked': true,
  'credential.exposed': true,
  warning: true,
  'run.ended': true,
};

export const allKinds: readonly string[] = Object.keys(kinds);

/** `model.asked`; for an outside call also which one (`call.ended git.push`). Null for the journal's first line. */
export function kindOf(line: string): string | null {
  const [, type, call] = /"event":\{"type":"([\w.-]+)"(?:,"call":"([\w.]+))?/.exec(line) ?? [];
  return type === undefined ? null : call === undefined ? type : `${type} ${call}`;
}

/** The kind of the union that such a name belongs to. */
export const typeOf = (kind: string): string => kind.split(' ', 1)[0] ?? '';
