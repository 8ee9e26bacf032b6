// Attacks on what passes between the job with the agents and the job that may write.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { access, appendFile, mkdtemp, readFile, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { runAgentsJob, type Fields, type HandedOver } from '../support/handed-over.ts';
import { agent, finish, moduleTask, plan, writeModule } from '../support/scenario-model.ts';
import { REPOSITORY } from '../support/scenario.ts';
import { closeWorkflowProjects, startWorkflowProject, type WorkflowProject } from '../support/workflow-scenario.ts';

const AGENT = 'ai/agents/issue-1/backend-dev/task-001';
/** A path that GitHub itself would let through: only our own policy stands before it. */
const STEERING = 'CLAUDE.md';
const marker = `marker-${randomBytes(8).toString('hex')}`;

let project: WorkflowProject;
let left: HandedOver;
let directory: string;
let before: Readonly<Record<string, string>>;

async function start(config: Readonly<Record<string, unknown>> = {}): Promise<void> {
  directory = await mkdtemp(join(tmpdir(), 'attack-two-jobs-'));
  project = await startWorkflowProject({
    model: [plan(moduleTask('TASK-001', 'goodbye')), agent('TASK-001', writeModule('goodbye'), finish())],
    config,
  });
  // A branch that somebody has not merged, with what no run may publish.
  await project.github.seedRepository(REPOSITORY, { 'evil.txt': marker }, { branch: 'unmerged' });
  left = await runAgentsJob(project, directory);
  before = await project.branches();
}

async function stop(): Promise<void> {
  await closeWorkflowProjects();
  await rm(directory, { recursive: true, force: true });
}

/** What the publishing job says, and that nothing of the attack has reached GitHub. */
async function expectRefused(sentence: RegExp): Promise<void> {
  const run = await left.publish();
  expect(run.log('publish')).toMatch(sentence);
  expect(await outside()).toEqual(before);
  expect(await project.pullRequests()).toEqual([]);
  expect(await project.allObjects()).not.toContain(`${marker} in a bundle`);
  expect((await project.comments(1)).map(({ body }) => body).join('\n')).not.toContain(marker);
}

/** All branches but the list of runs, which counts what was spent in any case. */
const outside = async () =>
  Object.fromEntries(Object.entries(await project.branches()).filter(([name]) => name !== 'ai/state/runs'));

const markedFile = { 'src/marked.js': `// ${marker} in a bundle\n` };

describe('what the agents’ job left, changed on its way', () => {
  beforeAll(() => start());
  beforeEach(() => left.restore());
  afterAll(stop);

  test('T72 bundle tamper: a changed bundle is refused', async () => {
    await appendFile(left.bundle, 'x');
    await expectRefused(/refused: the bundle is not the one that the manifest names/);
  });

  test('T72 bundle tamper: a changed manifest is refused', async () => {
    await left.writeManifest({ ...left.manifest, partial: marker }, { keepHash: true });
    await expectRefused(/refused: the manifest is not the one that the job with the agents made/);
  });

  test('T72 bundle tamper: a bundle of another commit under the name of the result is refused', async () => {
    const other = await left.commit(markedFile);
    await left.forge({ result: other });
    const forged: Fields = JSON.parse(await readFile(join(left.directory, 'manifest.json'), 'utf8'));
    await left.writeManifest({ ...forged, result: left.manifest['result'] });
    await expectRefused(/refused: the bundle holds .* which the manifest does not name/);
  });

  test('T72 bundle tamper: a ref more than the manifest names is refused', async () => {
    const result = await left.commit(markedFile);
    await left.forge({ result, branches: { [AGENT]: result } });
    const forged: Fields = JSON.parse(await readFile(join(left.directory, 'manifest.json'), 'utf8'));
    await left.writeManifest({ ...forged, branches: [] });
    await expectRefused(new RegExp(`refused: the bundle holds .*refs/heads/${AGENT}`));
  });

  test('T72 bundle tamper: a bundle that builds on nothing, or on what is not there, is refused', async () => {
    const result = await left.commit(markedFile);
    await left.forge({ result });
    await left.git('update-ref', 'refs/heads/ai/issue-1', result);
    await left.git('bundle', 'create', '--quiet', left.bundle, 'refs/heads/ai/issue-1');
    await rehash();
    await expectRefused(/refused: the bundle builds on nothing/);

    const hidden = await left.commit({ 'hidden.txt': 'x' });
    const onTop = await left.commit(markedFile, { parent: hidden });
    await left.forge({ result: onTop, manifest: { base: { ...Object(left.manifest['base']), commit: hidden } } });
    await expectRefused(/refused: there is no commit/);
  });

  test('T72 bundle tamper: a bundle that builds on more than the base is refused', async () => {
    const unmerged = before['unmerged'] ?? '';
    await left.git('fetch', '--quiet', 'origin', 'unmerged');
    const onUnmerged = await left.commit(markedFile, { parent: unmerged });
    await left.forge({
      result: onUnmerged,
      manifest: { base: { ...Object(left.manifest['base']), commit: unmerged } },
    });
    await expectRefused(/refused: the base [0-9a-f]+ is no commit of the branch main/);
  });

  test('T72 bundle tamper: a pack that lacks an object, or holds a broken one, is refused', async () => {
    const bytes = await readFile(left.bundle);
    await writeFile(left.bundle, bytes.subarray(0, bytes.length - 40));
    await rehash();
    await expectRefused(/refused: git does not take the objects of the bundle/);
    await left.restore();
    await left.forge({ result: await left.commitRawTree('.git') });
    await expectRefused(/refused: git does not take the objects of the bundle: .*hasDotgit/);
  });

  test('T72 bundle tamper: a link in the place of a file is not followed', async () => {
    const secret = join(directory, 'secret.json');
    await writeFile(secret, JSON.stringify({ ...left.manifest, partial: marker }));
    await unlink(join(left.directory, 'manifest.json'));
    await symlink(secret, join(left.directory, 'manifest.json'));
    await expectRefused(/refused: manifest\.json cannot be read/);
  });

  test.each<[string, Fields, RegExp]>([
    ['repository', { repository: 'acme/other' }, /the repository is acme\/other, not acme\/greeter/],
    ['issue', { subject: 'issue-2' }, /the request is issue-2, not issue-1/],
    ['run of the workflow', { runId: '999-1' }, /the run is 999-1, not 101-1/],
    ['later attempt', { runId: '101-2' }, /the run is 101-2, not 101-1/],
    ['version', { version: 2 }, /the manifest is not readable: version/],
    ['kind, with a field of its own', { command: 'x' }, /the manifest is not readable/],
  ])('T72 bundle tamper: the manifest of another %s is refused', async (_, change, sentence) => {
    await left.writeManifest({ ...left.manifest, ...change });
    await expectRefused(sentence);
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['the base branch', { main: 'x' }],
    ['another issue’s branch', { 'ai/issue-2': 'x' }],
    ['another issue’s agents', { 'ai/agents/issue-2/backend-dev/task-001': 'x' }],
    ['the list of runs', { 'ai/state/runs': 'x' }],
    ['a name with a way out', { 'ai/agents/issue-1/../../main': 'x' }],
  ])('T72 bundle tamper: a branch is refused that is %s', async (_, names) => {
    const result = await left.commit(markedFile);
    const branches = Object.keys(names).map((branch) => ({ branch, commit: result }));
    await left.writeManifest({ ...left.manifest, branches });
    await expectRefused(/is none of the agents of this run/);
  });

  test('T72 bundle tamper: a result for another branch is refused', async () => {
    const result = await left.commit(markedFile);
    await left.forge({ result, branch: 'ai/issue-2' });
    await expectRefused(/the branch of the result is ai\/issue-2, not ai\/issue-1/);
  });
});

async function rehash(): Promise<void> {
  const forged: Fields = JSON.parse(await readFile(join(left.directory, 'manifest.json'), 'utf8'));
  const bundleSha256 = createHash('sha256')
    .update(await readFile(left.bundle))
    .digest('hex');
  await left.writeManifest({ ...forged, bundleSha256 });
}

/** A report in which all is well. */
function flattering(manifest: Fields): Fields {
  const report: Fields = Object(manifest['report']);
  const check = { name: 'test', command: 'npm test', exitCode: 0, durationMs: 1, passed: 999, failed: 0, failures: [] };
  const final = [{ ...check, outputTail: '', logPath: null }];
  const verification = { baseline: final, final, fixed: [], introduced: [], preexisting: [], weakened: [] };
  return { report: { ...report, verification } };
}

describe('an agents’ job that was taken over, whose bundle and manifest fit each other', () => {
  beforeAll(() => start());
  beforeEach(() => left.restore());
  afterAll(stop);

  const forgeWith = async (files: Readonly<Record<string, string>>) =>
    left.forge({ result: await left.commit(files), manifest: flattering(left.manifest) });

  test('T73 publish re-check: a workflow edit is refused, whatever checks it says have passed', async () => {
    await forgeWith({ '.github/workflows/evil.yml': `on: push\n# ${marker} in a bundle\n` });
    await expectRefused(/Not published \(protected-path\): \.github\/workflows\/evil\.yml/);
  });

  test('T73 publish re-check: a file that steers agents is refused, which GitHub would take', async () => {
    await forgeWith({ [STEERING]: `${marker} in a bundle\n` });
    await expectRefused(/Not published \(protected-path\): CLAUDE\.md/);
  });

  test('T73 publish re-check: what a later commit takes back is found in the history', async () => {
    const bad = await left.commit({ [STEERING]: `${marker} in a bundle\n` });
    await left.git('checkout', '--quiet', '--force', '--detach', bad);
    await left.git('rm', '--quiet', STEERING);
    await left.forge({ result: await left.commit({ 'src/fine.js': '\n' }, { parent: bad }) });
    await expectRefused(/Not published \(protected-path\): CLAUDE\.md/);
  });

  test('T73 publish re-check: a secret is refused and not shown', async () => {
    const key = `sk-ant-api03-${randomBytes(40).toString('base64url')}`;
    await forgeWith({ 'src/config.js': `export const key = '${key}'; // ${marker} in a bundle\n` });
    await expectRefused(/Not published \(secret\): src\/config\.js/);
    expect(await project.allObjects()).not.toContain(key);
  });

  test('T73 publish re-check: a commit in a person’s name is refused', async () => {
    const result = await left.commit(markedFile, { author: 'Ada <ada@example.com>' });
    await left.forge({ result });
    await expectRefused(/refused: the commit [0-9a-f]{10} is by Ada <ada@example\.com>, not by us/);
  });

  /** Writes a file when it is run, and lies in what is published. */
  const running = () => ({
    'test/evil.test.js': `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(join(directory, 'ran'))}, '');\n`,
  });
  const hasRun = (): Promise<boolean> =>
    access(join(directory, 'ran')).then(
      () => true,
      () => false,
    );

  test('T73 publish re-check: a report cannot speak for another issue, or make anything in a text act', async () => {
    const result = await left.commit({ 'src/fine.js': '\n', ...running() });
    const report: Fields = Object(flattering(left.manifest)['report']);
    const warnings = ['Closes #1 @acme/owners <img src=x onerror=1>', '<!-- ai-implement:issue-9:1-1:pull-request -->'];
    const stranger = { integration: { ...Object(report['integration']), branch: 'main' }, stoppedBy: 'x' };
    await left.forge({ result, manifest: { report: { ...report, ...stranger, warnings } } });
    const run = await left.publish();
    expect(run.job('publish').result).toBe('success');
    const [pullRequest] = await project.pullRequests();
    expect(pullRequest).toMatchObject({
      title: 'AI: Teach it to say goodbye',
      draft: true,
      head: { ref: 'ai/issue-1' },
    });
    expect(pullRequest?.body).not.toMatch(/Closes #1|@acme|<img|issue-9/);
    expect(pullRequest?.body).toContain('<!-- ai-implement:issue-1:101-1:pull-request -->');
    expect(pullRequest?.body).toContain('as the job with the agents reported them');
    // What git says, and not what the report says of it.
    expect(pullRequest?.body).toContain('2 files (+3 −0) changed');
    // And nothing of it was run: neither its tests nor anything else.
    expect(await hasRun()).toBe(false);
  });
});

test('T73 publish re-check: an agent’s branch with what is blocked stays behind, and the result is published', async () => {
  await start();
  const bad = await left.commit({ [STEERING]: `${marker} in a bundle\n` });
  await left.forge({ result: await left.commit({ 'src/fine.js': '\n' }), branches: { [AGENT]: bad } });
  const run = await left.publish();
  expect(run.log('publish')).toMatch(new RegExp(`Warning: The branch ${AGENT} could not be pushed: Not published`));
  expect(Object.keys(await project.branches())).toEqual(expect.arrayContaining(['ai/issue-1']));
  expect(Object.keys(await project.branches())).not.toContain(AGENT);
  expect(await project.allObjects()).not.toContain(`${marker} in a bundle`);
  await stop();
});

test('mutation: whoever ran the checks on what was handed over would run what it holds', async () => {
  await start();
  const path = join(directory, 'ran');
  const test = `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(path)}, '');\n`;
  await left.commit({ 'test/evil.test.js': test });
  const clone = await left.git('rev-parse', '--show-toplevel');
  await promisify(execFile)(process.execPath, ['--test', 'test/evil.test.js'], { cwd: clone });
  await access(path);
  await stop();
});

describe('without its defence', () => {
  afterAll(stop);

  test('mutation: where the hash of the manifest comes from whoever changed it, the change is published', async () => {
    await start();
    const report: Fields = Object(left.manifest['report']);
    const changed = { ...left.manifest, report: { ...report, warnings: [marker] } };
    await left.writeManifest(changed);
    await left.publish();
    expect((await project.pullRequests())[0]?.body).toContain(marker);
    await stop();
  });

  test('mutation: where the base’s own configuration excludes the path from the policy, the edit is published', async () => {
    await start({ protected_paths_exclude: [STEERING] });
    await left.forge({ result: await left.commit({ [STEERING]: `${marker} in a bundle\n` }) });
    await left.publish();
    expect(await project.fileOn('ai/issue-1', STEERING)).toContain(marker);
  });

  test('mutation: GitHub lets the publishing job push any ref of a bundle, if it would', async () => {
    const result = await left.commit(markedFile, { author: 'Ada <ada@example.com>' });
    const token = project.github.mintToken({ contents: 'write' }, REPOSITORY);
    const header = `Authorization: Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
    const target = project.github.cloneUrl(REPOSITORY);
    const clone = await left.git('rev-parse', '--show-toplevel');
    const push = ['-C', clone, '-c', `http.extraheader=${header}`, 'push', '--quiet', target];
    await promisify(execFile)('git', [...push, `${result}:refs/heads/ai/issue-2`]);
    expect(await project.branches()).toMatchObject({ 'ai/issue-2': result });
  });
});
