// The scripted model of the demo: who says what.
import { asksForJson, byAgent, say, type Script } from '../../testbed/model/script.ts';
import { backendTurns } from './backend-dev.ts';
import { frontendTurns } from './frontend-dev.ts';
import { planReply } from './plan.ts';
import { qualityTurns } from './qa-tester.ts';
import { openWritten } from './turn.ts';

const PLANNING_MS = 600;

/**
 * A fresh script for one run; a request it does not foresee is refused, and the run then says so.
 * @param directory demo/written
 */
export function createScript(directory: string): Script {
  const written = openWritten(directory);
  const plan = { ...say(JSON.stringify(planReply(written), null, 2)), latencyMs: PLANNING_MS };
  const review = { ...say(JSON.stringify({ findings: [], verdict: 'sound' })), latencyMs: PLANNING_MS };
  return byAgent(
    { match: /^# Your part: you review a change/m, turns: [review] },
    { match: asksForJson, turns: [plan] },
    { match: /^## Task TASK-001:/m, turns: backendTurns(written) },
    { match: /^## Task TASK-002:/m, turns: frontendTurns(written) },
    { match: /^## Task TASK-003:/m, turns: qualityTurns(written) },
  );
}
