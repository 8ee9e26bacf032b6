// What of an event an agent has made: the texts in which no credential of the run may show.
import type { ExposurePlace, RunEvent } from './events.ts';

export interface MadeText {
  readonly place: ExposurePlace;
  /** Name of the agent; null where none can be named. */
  readonly agent: string | null;
  readonly text: string;
}

/** Nothing for events whose texts are ours, GitHub's or the user's: what they hold was there before any agent was. */
export function textsOfAgents(event: RunEvent): readonly MadeText[] {
  switch (event.type) {
    case 'model.replied':
      return [{ place: 'model reply', agent: event.agent, text: stringsOf(event.content) }];
    case 'tool.ended':
      return [
        { place: 'tool input', agent: event.agent, text: stringsOf(event.input) },
        { place: 'tool result', agent: event.agent, text: event.content },
      ];
    case 'check.ended':
      return [{ place: 'command output', agent: event.taskId, text: stringsOf(event.check) }];
    case 'task.ended':
      return [{ place: 'report of an agent', agent: event.result.task.id, text: stringsOf(event.result) }];
    case 'plan.accepted':
      return [{ place: 'report of an agent', agent: 'manager', text: stringsOf(event.plan) }];
    case 'agent.steps':
      return [{ place: 'report of an agent', agent: event.agent, text: stringsOf(event.items) }];
    case 'task.handed-back':
    case 'escalation.ended':
    case 'question.asked':
      return [{ place: 'report of an agent', agent: event.taskId, text: stringsOf(event) }];
    case 'review.ended':
      return [{ place: 'report of an agent', agent: 'reviewer', text: stringsOf(event) }];
    default:
      return [];
  }
}

/** All strings of a value in their order, each on a line, so that a secret cut into several is seen as one. */
function stringsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value).map(stringsOf).filter(Boolean).join('\n');
}
