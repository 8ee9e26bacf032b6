// Where the wall is missing, or stands and holds nothing back, no run is to go on: machines without a sandbox, sandboxes that
// are none, and processes that are left of one. The shipped action is run, and what models and GitHub were asked is looked at.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { unfiltered } from '../../src/adapters/sandbox/filter-argv.ts';
import { openBubblewrap } from '../../src/adapters/sandbox/bubblewrap-backend.ts';
import { readHost } from '../../src/adapters/sandbox/host.ts';
import { createTrees } from '../../src/adapters/trees.ts';
import { asksForJson, byAgent, call, say } from '../../testbed/model/script.ts';
import { startModelServer } from '../../testbed/model/server.ts';
import { bundleToolhost, makeBed, makeRepository } from '../adapters/git-bed.ts';
import { cripple, sandboxPrograms } from '../support/crippled-machine.ts';
import { agent, bash, finish, moduleTask, plan, writeModule } from '../support/scenario-model.ts';
import { closeProjects, expectStatus, startProject, WRITER, type ScenarioRun } from '../support/scenario.ts';
import { planReply, replyTask } from '../support/spine.ts';
import { openTestSandbox } from '../support/test-sandbox.ts';

const isRoot = process.getuid?.() === 0;
let directory: string;
beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'attack-closed-')));
  await chmod(directory, 0o755);
});
afterEach(async () => {
  await closeProjects();
  await rm(directory, { recursive: true, force: true });
});

/** All that a run needs to end well, so that it does where nothing stops it. */
const willing = [plan(moduleTask('TASK-001', 'goodbye')), agent('TASK-001', writeModule('goodbye'), finish())];

/** The run has ended before any model was asked, and left nothing on GitHub but the words why. */
function expectNothingDone(run: ScenarioRun, ...words: readonly string[]): void {
  expectStatus(run, 'failed');
  expect(run.exitCode).toBe(1);
  for (const one of words) expect(run.log).toContain(one);
  expect(run.modelRequests).toEqual([]);
  expect(run.pullRequests).toEqual([]);
  expect(Object.keys(run.branches)).toEqual(['main']);
}

const noSandbox = 'There is no sandbox to run commands in';

// ---- T69

test('T69 sandbox missing: a machine without one is told what to install, and no model is asked', async () => {
  const node = await cripple({ directory, missing: sandboxPrograms });
  const project = await startProject();
  const run = await project.run(await project.labelled(WRITER), { node, model: willing });
  expectNothingDone(run, noSandbox, 'of util-linux is not installed', 'apt-get install bubblewrap');
  expect(run.log).toMatch(/bwrap.* is not installed/);
  expect(run.comments.map(({ body }) => body).join('\n')).toContain('There is no sandbox');
});

test('T69 sandbox missing: neither the workflow nor the repository can tell the action to do without', async () => {
  const byInput = await startProject();
  const run = await byInput.run(await byInput.labelled(WRITER), { inputs: { sandbox: 'off' }, model: willing });
  expectNothingDone(run, 'There has to be a sandbox here');
  const byFile = await startProject({ with: { 'orchestrator-config.json': '{"sandbox":{"backend":"off"}}' } });
  const other = await byFile.run(await byFile.labelled(WRITER), { model: willing });
  expectNothingDone(other, 'sandbox.backend');
});

// An ordinary user's namespaces cannot bind a /usr whose programs are covered one by one, as they are here.
(isRoot ? test : test.skip)(
  'a machine that lacks only perl has a sandbox all the same, and says what that lacks',
  async () => {
    const node = await cripple({ directory, missing: ['perl', 'bwrap', 'sudo'] });
    const project = await startProject();
    const run = await project.run(await project.labelled(WRITER), { node, model: willing });
    expectStatus(run, 'opened');
    expect(run.log).toContain(unfiltered);
  },
);

test('mutation: at a terminal that is told to do without, the same machine runs what a model says', async () => {
  const node = await cripple({ directory, missing: sandboxPrograms });
  const checkout = join(directory, 'checkout');
  await makeRepository(checkout, { 'a.txt': 'one\n' });
  const task = replyTask(1, { owns: ['**'], acceptance: ['true'] });
  const done = call('finish', { status: 'done', summary: 'Done.', tests_run: [], notes_for_dependents: '' });
  const turns = [say(call('bash', { command: 'echo reached > new.txt' })), say(done)];
  const script = byAgent(
    { match: asksForJson, turns: [say(JSON.stringify(planReply([task])))] },
    { match: /TASK-001/, turns },
  );
  const model = await startModelServer({ script });
  const env = {
    ...{ PATH: process.env['PATH'], HOME: directory },
    ...{ ANTHROPIC_API_KEY: 'key-0123456789', ANTHROPIC_BASE_URL: model.url },
  };
  const args = ['dist/cli.cjs', 'run', '--feature', 'add a file', '--sandbox', 'off', '--project-dir', checkout];
  await exitOf(spawn(node, args, { env, stdio: 'ignore' }));
  expect(model.requests.map(({ body }) => JSON.stringify(body)).join('\n')).toContain('echo reached > new.txt');
  await model.close();
});

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });

// ---- T70

const hasBubblewrap = existsSync('/usr/bin/bwrap');
const withBubblewrap = hasBubblewrap ? test : test.skip;

/** Calls what it stands in for with some of the words left out. */
const without = (...words: readonly string[]): string =>
  `#!/bin/bash\nargs=()\nfor a in "$@"; do case " ${words.join(' ')} " in *" $a "*) ;; *) args+=("$a") ;; esac; done\nexec $REAL "\${args[@]}"\n`;

/** Runs the command that it was to keep in, as the caller. */
const execs = '#!/bin/bash\nwhile [ "$1" != bash ]; do shift; done\nexec "$@"\n';
/** The options come in pairs here: what follows `--remount-ro` is the last of them that is looked for. */
const keepsRootOpen =
  '#!/bin/bash\nargs=()\nwhile [ $# -gt 0 ]; do if [ "$1 $2" = "--remount-ro /" ]; then shift 2; else args+=("$1"); shift; fi; done\nexec $REAL "${args[@]}"\n';

interface Weak {
  readonly what: string;
  readonly program: 'bwrap' | 'unshare';
  readonly script: string;
  readonly faults: readonly string[];
}

const reached = 'connected to a port of the machine';
const weak: readonly Weak[] = [
  {
    what: 'does nothing and succeeds',
    ...{ program: 'bwrap', script: '#!/bin/sh\nexit 0\n', faults: ['a command in it did not run (exit code 0)'] },
  },
  {
    what: 'says that all is well',
    ...{ program: 'bwrap', script: '#!/bin/sh\necho nonce 1; echo end 1\n', faults: ['a command in it did not run'] },
  },
  {
    what: 'just runs the command',
    ...{ program: 'bwrap', script: execs, faults: [reached, 'sees a file of the machine', 'may gain privileges'] },
  },
  { what: 'shares the network', program: 'bwrap', script: without('--unshare-net'), faults: [reached] },
  isRoot
    ? { what: 'shares the network', program: 'unshare', script: without('--net'), faults: [reached] }
    : // Where commands are another user than its owner, that directory is closed to them anyhow.
      { what: 'leaves the top directory open', program: 'bwrap', script: keepsRootOpen, faults: ['wrote to /'] },
];

for (const { what, program, script, faults } of weak) {
  const title = `T70 weak sandbox: a stand-in for ${program} that ${what} is found out`;
  const possible = program === 'bwrap' ? withBubblewrap : test;
  possible(title, async () => {
    // Where there is perl it makes the namespaces by itself.
    const missing = program === 'bwrap' ? ['unshare', 'sudo'] : ['bwrap', 'sudo', 'perl'];
    const node = await cripple({ directory, missing, replaced: { [program]: script } });
    const project = await startProject();
    const run = await project.run(await project.labelled(WRITER), { node, model: willing });
    expectNothingDone(run, noSandbox, ...faults);
  });
}

const fakeOnPath = async (): Promise<string> => {
  const folder = join(directory, 'bin');
  await mkdir(folder);
  for (const name of sandboxPrograms) {
    await writeFile(join(folder, name), `#!/bin/sh\ntouch ${directory}/fake-ran\nexit 0\n`, { mode: 0o755 });
  }
  return folder;
};

test('T70 weak sandbox: programs that come earlier on the PATH of the job are not used', async () => {
  const PATH = `${await fakeOnPath()}:${process.env['PATH'] ?? ''}`;
  const toolhostPath = await bundleToolhost(directory);
  const sandbox = await openTestSandbox({ directory, toolhostPath, env: { PATH, HOME: process.env['HOME'] } });
  await sandbox.close();
  expect(sandbox.facts.backend).not.toBe('off');
  expect(existsSync(join(directory, 'fake-ran'))).toBe(false);
});

withBubblewrap('mutation: a sandbox that is not tried out first hands over a file of the machine', async () => {
  const secret = join(directory, 'secret');
  const fake = join(directory, 'fake');
  await writeFile(secret, 'planted');
  await writeFile(fake, execs, { mode: 0o755 });
  const host = readHost(process.env, []);
  const tool = (name: string): string | null => (name === 'bwrap' ? fake : host.tool(name));
  const backend = openBubblewrap({
    ...{ flavour: 'user', host: { ...host, tool }, toolhostPath: '/dev/null', shims: directory },
    ...{ settings: directory, agentId: 60_600 },
  });
  const places = {
    tree: { kind: 'folder', path: directory } as const,
    home: directory,
    temporary: directory,
    logs: directory,
  };
  const room = await backend.open({ ...places, objects: [], network: null, produced: null });
  const box = room.start({ argv: ['bash', '-c', `cat ${secret}`], env: {}, stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  box.child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await exitOf(box.child);
  expect(output).toBe('planted');
});

// ---- T71

const asRoot = isRoot ? test : test.skip;
const left: ChildProcess[] = [];
afterEach(() => left.splice(0).forEach((child) => child.kill('SIGKILL')));

/** Stands in for a process that got out of its box: outside of it, as the user that commands have. */
const escape = (userId: number): void => {
  left.push(spawn('sleep', ['600'], { uid: userId, gid: userId, stdio: 'ignore' }));
};

asRoot('T71 leftover process: while one is there nothing is published', async () => {
  const project = await startProject();
  const run = await project.run(await project.labelled(WRITER), {
    model: [
      plan(moduleTask('TASK-001', 'goodbye')),
      agent(
        'TASK-001',
        bash('echo "user $(id -u)."'),
        ({ lastText }) => {
          escape(Number(/user (\d+)\./.exec(lastText)?.[1]));
          return writeModule('goodbye');
        },
        finish(),
      ),
    ],
  });
  expectStatus(run, 'failed');
  expect(left).toHaveLength(1);
  expect(run.log).toContain('Processes of the sandbox were still there after its end');
  expect(run.log).toContain(`${String(left[0]?.pid)} sleep 600`);
  expect(run.pullRequests).toEqual([]);
  expect(Object.keys(run.branches)).not.toContain('ai/issue-1');
});

asRoot('mutation: where nobody looks for it, it goes unnoticed', async () => {
  const bed = await makeBed({ 'a.txt': 'one\n' });
  const toolhostPath = await bundleToolhost(directory);
  const sandbox = await openTestSandbox({ directory, toolhostPath });
  const options = { store: bed.store, directory: join(directory, 'trees'), env: { PATH: process.env['PATH'] } };
  const trees = createTrees({ ...options, sandbox: Promise.resolve(sandbox) });
  const blind = { ...sandbox, leftovers: () => Promise.resolve([]) };
  const careless = createTrees({ ...options, sandbox: Promise.resolve(blind) });
  const tree = await trees.open('TASK-001', bed.base);
  escape(Number((await tree.run({ command: 'id -u', timeoutMs: 20_000 })).output));
  await expect(careless.quiesce()).resolves.toBeUndefined();
  await expect(trees.quiesce()).rejects.toThrow('Processes of the sandbox were still there');
  await trees.close();
  await bed.close();
});
