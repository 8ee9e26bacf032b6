// Every decision of a run with its reason: those of the plan, and those for agents that could not go on.
import type { Decision } from '../types.ts';
import type { EscalationState, RunState } from './run-state.ts';

/** In the order in which they were made. Texts are a model's: untrusted. */
export function runDecisions({ plan, escalations, tasks }: RunState): readonly Decision[] {
  const roleOf = (taskId: string): string[] =>
    tasks.filter(({ task }) => task.id === taskId).map(({ task }) => task.role);
  const onTheWay = escalations.map((escalation) => ({
    decision: decisionWords(escalation),
    rationale: escalation.rationale,
    affectedAgents: roleOf(escalation.taskId),
  }));
  return [...(plan?.decisions ?? []), ...onTheWay];
}

const deeds: Readonly<Record<Exclude<EscalationState['action'], 'fallback_model'>, string>> = {
  guide: 'guided it',
  raise_effort: 'raised its effort',
  stronger_model: 'handed it to a stronger model',
  split: 'had a part of it finished first',
  reassign_paths: 'gave it more paths',
  change_acceptance: 'changed its acceptance commands',
  abandon: 'gave it up',
  ask_person: 'left a question for people',
};

const decisionWords = ({ taskId, rule, action, text }: EscalationState): string =>
  action === 'fallback_model'
    ? `${taskId}: ${text}`
    : `${taskId} could not go on (${rule}), and the manager ${deeds[action]}: ${text}`;
