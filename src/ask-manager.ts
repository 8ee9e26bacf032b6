// The manager as the agents' help: asked once for each agent that cannot go on, so many times in a run and no more.
import type { AskDeps } from './agent/ask-model.ts';
import { askForJson } from './ask-for-json.ts';
import type { Guidance, Trouble } from './execute/work.ts';
import type { Message } from './messages.ts';
import { escalationJsonSchema, escalationMessage, parseEscalation } from './plan/escalate.ts';
import type { EditFormat, Role } from './types.ts';

export interface ManagerInput {
  readonly manager: Role;
  /** Brief and request, which the manager's question shares with all agents. */
  readonly shared: Message;
  readonly nonce: string;
  readonly editFormat: EditFormat;
  /** Calls that planning took: the manager's turns go on from there. */
  readonly callsBefore: number;
}

/** Escalations of one run (agent-loop practice: more means that the plan is wrong, which guidance does not mend). */
const MAX_IN_RUN = 6;
/** Most output of one decision: some lines of text, and the thinking before them. */
const MAX_TOKENS = 8_000;

/** What `askManager` of the build does. Null, with a warning that says why, when there is no answer to be had. */
export function createManager(input: ManagerInput, deps: AskDeps): (trouble: Trouble) => Promise<Guidance | null> {
  const { manager, shared, nonce, editFormat } = input;
  let asked = 0;
  let calls = input.callsBefore;
  return async (trouble) => {
    const { task, role } = trouble;
    const warn = (why: string): null => {
      deps.reporter.emit({ type: 'warning', message: `The manager could not help with ${task.id}. ${why}` });
      return null;
    };
    if (asked >= MAX_IN_RUN) return warn(`It was asked ${MAX_IN_RUN} times in this run, which is the most.`);
    asked += 1;
    const strongerModel = manager.model === role.model ? null : manager.model;
    const turn = calls + 1;
    // The number is taken before the answer is there: another agent may ask meanwhile.
    calls += 2;
    const answer = await askForJson(
      {
        role: manager,
        agent: 'manager',
        turn,
        messages: [shared, escalationMessage({ ...trouble, strongerModel, nonce })],
        sharedPrefixMessages: 0,
        schema: escalationJsonSchema(),
        parse: (text) => parseEscalation(text, trouble),
        maxTokens: MAX_TOKENS,
        editFormat,
      },
      deps,
    );
    return answer.ok ? answer.reply : warn(answer.why);
  };
}
