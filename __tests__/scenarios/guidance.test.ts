// Agents that cannot go on by themselves, questions for people, and the review of what was integrated.
import { afterEach, expect, test } from '@jest/globals';
import { say } from '../../testbed/model/script.ts';
import {
  agent,
  bash,
  finish,
  help,
  mender,
  moduleTask,
  plan,
  review,
  reviewer,
  write,
  writeModule,
} from '../support/scenario-model.ts';
import {
  closeProjects,
  expectStatus,
  startProject,
  WRITER,
  type Project,
  type RunOptions,
  type ScenarioRun,
} from '../support/scenario.ts';

afterEach(closeProjects);

const label = async (project: Project, options: RunOptions): Promise<ScenarioRun> =>
  project.run(await project.labelled(WRITER), options);
const tasksOf = (run: ScenarioRun) => JSON.parse(run.outputs['tasks'] ?? '[]');
const first = moduleTask('TASK-001', 'goodbye');
const second = moduleTask('TASK-002', 'thanks');

test('an agent that repeats itself is guided by the manager and finishes', async () => {
  const project = await startProject();
  const same = bash('ls src');
  const run = await label(project, {
    model: [
      plan(first),
      agent('TASK-001', same, same, same, same, same, writeModule('goodbye'), finish()),
      help('guide', 'Write src/goodbye.js and its test; there is nothing more to look at.'),
    ],
  });
  expectStatus(run, 'opened');
  const told = run.modelRequests.find(({ request }) => request.lastText.includes('nothing more to look at'));
  expect(told?.request.turn).toBe(5);
  const body = run.pullRequests[0]?.body ?? '';
  expect(body).toMatch(/TASK-001 could not go on \(same-call\), and the manager guided it: Write src\/goodbye\.js/);
  expect(body).toContain('It will not get further alone.');
  expect(run.comments[0]?.body).toContain('Helped on the way: TASK-001 (same-call: guide).');
  expect(run.report).toContain('It will not get further alone.');
});

test('what only a person knows is asked in the progress comment, and the rest of the run goes on', async () => {
  const project = await startProject();
  const blocked = finish('It depends on the greeting.', { status: 'blocked', question: 'Formal or friendly?' });
  const run = await label(project, {
    model: [
      plan(first, second),
      agent('TASK-001', writeModule('goodbye'), blocked),
      agent('TASK-002', writeModule('thanks'), finish()),
      help('ask_person', 'Should the greeter be formal or friendly?'),
    ],
  });
  expect(run.exitCode).toBe(0);
  expectStatus(run, 'partial');
  expect(tasksOf(run)).toMatchObject([{ status: 'partial' }, { status: 'completed' }]);
  for (const text of [run.comments[0]?.body, run.pullRequests[0]?.body]) {
    expect(text).toContain('**Needs an answer**');
    expect(text).toContain('**TASK-001** asks: Should the greeter be formal or friendly?');
    expect(text).toContain('comment `/ai-implement` followed by the answer');
  }
  expect(run.pullRequests).toMatchObject([{ draft: true }]);
  expect(await project.fileOn('ai/issue-1', 'src/thanks.js')).toContain('thanks');
  expect(await project.fileOn('ai/agents/issue-1/backend-dev/task-001', 'src/goodbye.js')).toContain('goodbye');
});

test('an agent that is handed more paths than it owned finishes with them', async () => {
  const project = await startProject();
  const readme = write({ 'README.md': '# Greeter\n\nSays goodbye.\n' });
  const run = await label(project, {
    model: [
      plan(first, second),
      agent(
        'TASK-001',
        writeModule('goodbye'),
        readme,
        ...[1, 2, 3].map(() => say('It is closed to me.')),
        readme,
        finish(),
      ),
      agent('TASK-002', writeModule('thanks'), finish()),
      help('reassign_paths', 'The README belongs to this.', { paths: ['README.md', 'src/thanks.js'] }),
    ],
  });
  expectStatus(run, 'opened');
  expect(await project.fileOn('ai/issue-1', 'README.md')).toContain('Says goodbye.');
  const told = run.modelRequests.find(({ request }) => request.lastText.includes('The README belongs'));
  expect(told?.request.lastText).toMatch(/now, too: README\.md[^]*stay closed[^]*src\/thanks\.js/);
});

test('a grave fault that the review finds is mended by the owner of the file before the pull request', async () => {
  const project = await startProject();
  const notes = write({ 'src/notes.js': Array.from({ length: 20 }, (_, i) => `// ${i}\n`).join('') });
  const run = await label(project, {
    model: [
      plan(moduleTask('TASK-001', 'goodbye', { owns: ['src/**', 'test/**'] })),
      reviewer(
        review({ severity: 'high', file: 'src/goodbye.js', line: 1, why: 'It never takes a name.' }),
        review({ severity: 'low', file: 'src/notes.js', line: null, why: 'Notes without use.' }),
      ),
      mender(bash("sed -i 's/() => /(name) => /' src/goodbye.js"), finish('It takes a name now.')),
      agent('TASK-001', writeModule('goodbye'), notes, finish()),
    ],
  });
  expectStatus(run, 'opened');
  expect(await project.fileOn('ai/issue-1', 'src/goodbye.js')).toContain('(name) =>');
  const asked = run.modelRequests.find(({ request }) => request.ownText.includes('you review a change'))?.request;
  expect(asked?.openingText).toContain("+export const goodbye = () => 'goodbye';");
  expect(asked?.openingText).not.toContain('## Task TASK-001:');
  const body = run.pullRequests[0]?.body ?? '';
  expect(body).toContain('Reviewed with a clean context, 1 round of mending: nothing grave, 1 smaller finding.');
  expect(body).toContain('low: `src/notes.js`: Notes without use.');
  expect(run.pullRequests).toMatchObject([{ draft: false }]);
  expect(tasksOf(run)).toMatchObject([{ status: 'completed' }]);
});

test('a review that is turned off is not asked for', async () => {
  const config = JSON.stringify({ coordination: { review: 'off' } });
  const project = await startProject({ with: { 'orchestrator-config.json': config } });
  const long = write({ 'src/goodbye.js': `export const goodbye = () => 'goodbye';\n${'// more\n'.repeat(30)}` });
  const run = await label(project, { model: [plan(first), agent('TASK-001', writeModule('goodbye'), long, finish())] });
  expectStatus(run, 'opened');
  expect(run.modelRequests.filter(({ request }) => request.ownText.includes('you review a change'))).toEqual([]);
});
