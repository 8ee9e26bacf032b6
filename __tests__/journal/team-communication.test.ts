import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { teamCommunication } from '../../src/journal/team-communication.ts';
import { teamCommunicationJsonSchema, teamCommunicationSchema } from '../../src/journal/team-communication-schema.ts';
import { emptyRunState } from '../../src/journal/run-state.ts';
import type { RunEvent } from '../../src/events.ts';
import * as runs from '../support/run-events.ts';

const [first, second] = runs.threeTasks;
if (!first || !second) throw new Error('no tasks');
const planned = [...runs.opening(), ...runs.planned(runs.planOf(runs.threeTasks))];

test('the file has the shape its users know, with what was measured in it', () => {
  const state = runs.stateAfter([...planned, ...runs.worked(runs.resultOf(first)), runs.started(second)]);
  expect(teamCommunication(state)).toMatchObject({
    current_feature: 'User login with email and password',
    manager_instructions: {
      current_focus: 'TASK-002: Login and registration forms',
      active_tasks: [
        { task_id: 'TASK-001', assigned_to: 'backend-dev', status: 'completed', dependencies: [] },
        { task_id: 'TASK-002', assigned_to: 'frontend-dev', status: 'running' },
        { task_id: 'TASK-003', status: 'waiting', branch: null, dependencies: ['TASK-001', 'TASK-002'] },
      ],
      decisions: [{ decision: 'Tokens live for one hour', affected_agents: ['backend-dev'] }],
    },
    agent_updates: [
      {
        agent_id: 'backend-dev',
        task_id: 'TASK-001',
        progress: 100,
        files_modified: ['src/TASK-001.ts', 'src/index.ts'],
        test_results: 'PASS test (exit 0, 24 passed, 0 failed)',
        blockers: [],
      },
      { agent_id: 'frontend-dev', task_id: 'TASK-002', status: 'running', test_results: null },
    ],
    integration_requests: [{ task_id: 'TASK-001', status: 'merged' }],
  });
});

test('an unfinished task names what blocks it', () => {
  const { agent_updates } = teamCommunication(runs.stateAfter(runs.limitedRun()));
  expect(agent_updates.map((update) => update.blockers)).toEqual([
    [],
    ['The run reached its cost limit.'],
    ['TASK-002 was not completed.'],
  ]);
});

test('a task that could not go on names its question and what the manager decided, until it is done', () => {
  const helped: readonly RunEvent[] = [
    {
      type: 'escalation.ended',
      taskId: first.id,
      rule: 'same-call',
      action: 'guide',
      text: 'Look at a.ts.',
      rationale: 'It did not.',
    },
    { type: 'question.asked', taskId: first.id, question: 'Which port?' },
  ];
  const open = teamCommunication(runs.stateAfter([...planned, runs.started(first), ...helped]));
  expect(open.agent_updates[0]?.blockers).toEqual([
    'Needs an answer: Which port?',
    "Stopped by same-call; the manager's decision is guide: Look at a.ts.",
  ]);
  expect(open.manager_instructions.decisions[1]).toEqual({
    decision: 'TASK-001 could not go on (same-call), and the manager guided it: Look at a.ts.',
    rationale: 'It did not.',
    affected_agents: ['backend-dev'],
  });
  const done = teamCommunication(runs.stateAfter([...planned, ...helped, ...runs.worked(runs.resultOf(first))]));
  expect(done.agent_updates[0]?.blockers).toEqual([]);
});

test('every state fits the published schema', () => {
  const ajv = new Ajv2020({ strict: true });
  addFormats.default(ajv);
  const isValid = ajv.compile(teamCommunicationJsonSchema());
  for (const state of [
    emptyRunState,
    runs.stateAfter(planned),
    runs.stateAfter(runs.wholeRun()),
    runs.stateAfter(runs.limitedRun()),
  ]) {
    const file = teamCommunication(state);
    expect(teamCommunicationSchema.parse(file)).toEqual(file);
    isValid(file);
    expect(isValid.errors ?? []).toEqual([]);
  }
  expect(isValid({ ...teamCommunication(emptyRunState), extra: 1 })).toBe(false);
});

test('of a run that may have shown a credential it holds no word of an agent', () => {
  const exposed = { type: 'credential.exposed', agent: 'TASK-001', place: 'tool result', path: null } as const;
  const file = teamCommunication(runs.stateAfter([...runs.wholeRun(), exposed]));
  expect(file).toMatchObject({
    agent_updates: [],
    integration_requests: [],
    current_feature: expect.stringMatching(/./),
  });
  expect(file.manager_instructions).toMatchObject({ active_tasks: [], decisions: [] });
});
