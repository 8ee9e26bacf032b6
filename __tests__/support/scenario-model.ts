// Words to write the model's part of a scenario with: what the manager plans, what each agent does.
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlanReply, ReplyTask } from '../../src/plan/plan-reply.ts';
import type { EscalationAction, Finding } from '../../src/types.ts';
import {
  asksForJson,
  call,
  say,
  type Line,
  type ScriptedBlock,
  type ScriptedMessage,
  type Turn,
} from '../../testbed/model/script.ts';
import type { ParsedRequest } from '../../testbed/model/parse-request.ts';
import { moduleFiles } from './scenario-files.ts';

/** A task of the manager's reply: one file of `backend-dev`, judged by the project's tests, unless said otherwise. */
export const task = (id: string, more: Partial<ReplyTask> = {}): ReplyTask => ({
  task_id: id,
  title: `Build ${id}`,
  description: `Build what ${id} is about.`,
  assigned_to: 'backend-dev',
  dependencies: [],
  owns: ['**'],
  deliverables: [],
  acceptance: ['npm test'],
  estimated_turns: 20,
  ...more,
});

/** A task that makes the module `name` with its test and owns nothing else. */
export const moduleTask = (id: string, name: string, more: Partial<ReplyTask> = {}): ReplyTask =>
  task(id, {
    title: `Say ${name}`,
    owns: Object.keys(moduleFiles(name)),
    acceptance: [`node --test test/${name}.test.js`],
    ...more,
  });

/** The plan as the manager sends it. */
export const reply = (tasks: readonly ReplyTask[], more: Partial<PlanReply> = {}): ScriptedMessage =>
  say(
    JSON.stringify({
      summary: 'The greeter learns to say more.',
      kind: 'feature',
      tasks,
      decisions: [],
      contract: null,
      ...more,
    }),
  );

/** The manager's plan, turn by turn: repairs come after the first. */
export const manager = (...turns: readonly Turn[]): Line => ({
  match: (request) => asksForJson(request) && !isReview(request) && !isCallForHelp(request),
  turns,
});

const isReview = ({ ownText }: ParsedRequest): boolean => ownText.includes('you review a change that others made');
const isCallForHelp = ({ ownText }: ParsedRequest): boolean => ownText.includes('An agent cannot go on; decide');

/** Reviews of the integrated work, one after another, each of which is a conversation of its own. */
export const reviewer = (...reviews: readonly ScriptedMessage[]): Line => {
  let asked = 0;
  return { match: isReview, turns: [() => reviews[asked++] ?? say('There are no more reviews.')] };
};

/** What the reviewer answers; the verdict follows from the findings. */
export const review = (...findings: readonly Finding[]): ScriptedMessage =>
  say(
    JSON.stringify({
      findings,
      verdict: findings.some(({ severity }) => severity === 'high') ? 'faulty' : 'sound',
    }),
  );

/** Whatever is reviewed is sound: for scenarios that are about something else. */
export const contentReviewer: Line = { match: isReview, turns: [review()] };

/** What the manager decides for each agent that cannot go on. */
export const help = (action: EscalationAction, text: string, more: Readonly<Record<string, unknown>> = {}): Line => ({
  match: isCallForHelp,
  turns: [
    say(
      JSON.stringify({ rationale: 'It will not get further alone.', action, text, paths: [], acceptance: [], ...more }),
    ),
  ],
});

/** A new agent of a task that was reopened by the review. */
export const mender = (...turns: readonly Turn[]): Line => ({ match: '# This task is reopened', turns });

/** The manager answers at once with these tasks. */
export const plan = (...tasks: readonly ReplyTask[]): Line => manager(reply(tasks));

/** An agent's part, turn by turn. */
export const agent = (id: string, ...turns: readonly Turn[]): Line => ({ match: `## Task ${id}:`, turns });

/** One turn that writes files. */
export const write = (files: Readonly<Record<string, string>>): ScriptedMessage =>
  say(...Object.entries(files).map(([path, content]): ScriptedBlock => call('write', { path, content })));

/** One turn that makes the module `name` and its test. */
export const writeModule = (name: string, answer = name): ScriptedMessage => write(moduleFiles(name, answer));

/** One turn that runs a command. */
export const bash = (command: string): ScriptedMessage => say(call('bash', { command }));

/** The turn that ends a task. */
export const finish = (summary = 'Done as asked.', more: Readonly<Record<string, unknown>> = {}): ScriptedMessage =>
  say(call('finish', { status: 'done', summary, tests_run: ['npm test'], notes_for_dependents: '', ...more }));

/**
 * A turn that is answered only when `count` requests wait for such an answer at once; each then gets its own reply. When
 * the others do not come, the server reports the script as failed.
 */
export function meeting(count: number, timeoutMs = 20_000): (then: ScriptedMessage) => Turn {
  let waiting = 0;
  const met = deferred();
  return (then) => async () => {
    waiting += 1;
    if (waiting === count) met.resolve();
    const late = new AbortController();
    const timer = sleep(timeoutMs, 'late', { signal: late.signal }).catch(() => 'met');
    const first = await Promise.race([met.promise.then(() => 'met'), timer]);
    late.abort();
    if (first === 'late') throw new Error(`only ${waiting} of ${count} requests were in flight at once`);
    return then;
  };
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
