// An agent that cannot go on by itself: the manager is asked, and what it says is done. Code sets how often.
import type { SessionEnd } from '../agent/agent-session.ts';
import type { FinishInput } from '../agent/tools/finish.ts';
import type { Role } from '../types.ts';
import { followGuidance, handover } from './follow-guidance.ts';
import { describeChanges, type TaskAgent } from './task-agent.ts';
import { readChanges, type Guidance, type Trouble, type Work } from './work.ts';

export interface HelpedEnd {
  readonly end: SessionEnd;
  /** The manager's reason to stop, or the question that a person has to answer; null where the end says it itself. */
  readonly given: string | null;
}

type Seen = Pick<Trouble, 'rule' | 'reason' | 'said'>;

/** Lets the agent go on until it is done, or until neither it nor the manager knows how. */
export async function proceedWithHelp(work: Work, agent: TaskAgent, told?: string): Promise<HelpedEnd> {
  let end = await agent.proceed(told);
  for (;;) {
    const fallback = fallbackFor(end, agent.role());
    if (fallback !== null) {
      end = await fallBack(work, agent, fallback);
      continue;
    }
    const seen = troubleOf(end);
    if (seen === null) return { end, given: null };
    const guidance = await askForHelp(work, agent, seen);
    if (guidance === null) return { end, given: unanswered(work, end) };
    if (guidance.action === 'abandon') return { end, given: `The manager gave it up: ${guidance.text}` };
    if (guidance.action === 'ask_person') return { end, given: askPerson(work, guidance.text) };
    end = await followGuidance(work, agent, guidance, seen.rule);
  }
}

/** What the manager can help with: not limits, not a model that does not answer, not a run that is stopped. */
function troubleOf(end: SessionEnd): Seen | null {
  switch (end.ended) {
    case 'stuck':
      return { rule: end.rule, reason: `${end.why}.`, said: '' };
    case 'blocked':
      return { rule: end.claims.status, reason: 'The agent says that it cannot go on.', said: wordsOf(end.claims) };
    case 'refused-work':
      return {
        rule: 'refused-work',
        reason: `Its finished work was handed back too often. Last: ${end.why.slice(0, 300)}`,
        said: wordsOf(end.claims),
      };
    default:
      return null;
  }
}

/** The question first: it is what has to be answered. */
const wordsOf = ({ summary, question }: FinishInput): string =>
  question === undefined ? summary : `Question: ${question}\n${summary}`;

async function askForHelp(work: Work, agent: TaskAgent, seen: Seen): Promise<Guidance | null> {
  const { deps, task, checks, failsWithout, guidance: before } = work;
  if (before.length >= work.input.maxRetries || deps.signal?.aborted === true) return null;
  const { turns, usage } = agent.spent();
  const guidance = await deps.askManager({
    ...seen,
    task,
    role: agent.role(),
    digest: { ...agent.digest(), turns },
    checks,
    failsWithout,
    work: describeChanges((await readChanges(work)).changed),
    spent: usage,
    earlier: before.map(({ text }) => text),
  });
  if (guidance === null) return null;
  before.push(guidance);
  const { action, text, rationale } = guidance;
  deps.reporter.emit({ type: 'escalation.ended', taskId: task.id, rule: seen.rule, action, text, rationale });
  return guidance;
}

/** The role that takes over has no fallback of its own, so this is done once a conversation's model. */
function fallbackFor(end: SessionEnd, role: Role): Role | null {
  if (end.ended !== 'model-failed' || end.reply.reason !== 'overloaded' || role.fallbackModel === null) return null;
  return { ...role, model: role.fallbackModel, fallbackModel: null };
}

async function fallBack(work: Work, agent: TaskAgent, role: Role): Promise<SessionEnd> {
  work.deps.reporter.emit({
    type: 'escalation.ended',
    taskId: work.task.id,
    rule: 'overloaded',
    action: 'fallback_model',
    text: `${agent.role().model} is overloaded, so ${role.model} goes on.`,
    rationale: 'The model did not answer after all attempts, and a fallback model is configured.',
  });
  return agent.handOver(role, await handover(work, null));
}

/** A question that nobody here answered is one for people. */
function unanswered(work: Work, end: SessionEnd): string | null {
  const question = end.ended === 'blocked' ? end.claims.question?.trim() : undefined;
  return question === undefined || question === '' ? null : askPerson(work, question);
}

function askPerson(work: Work, question: string): string {
  work.deps.reporter.emit({ type: 'question.asked', taskId: work.task.id, question });
  return `It needs an answer: ${question}`;
}
