// Package managers as they are, through forwarder and mirror, from registries of the test's own. Lock files name the public ones.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Mirror } from '../../../src/adapters/mirror/start-mirror.ts';
import { registryEnvironment } from '../../../src/sandbox/registry-environment.ts';
import { daysAgo, openMirror, startUpstream, type Upstream } from '../../support/mirror-bed.ts';
import { bundleToolhost, writeFiles } from '../git-bed.ts';

let directory: string;
let project: string;
let upstream: Upstream;
let mirror: Mirror;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'install-'));
  project = join(directory, 'project');
  upstream = await startUpstream();
  const { origin } = upstream;
  const upstreams = { npm: origin, pypi: origin, pypiFiles: origin, crates: origin, cratesFiles: origin };
  mirror = await openMirror(directory, { upstreams });
});
afterEach(async () => {
  await mirror.close();
  await upstream.close();
  rmSync(directory, { recursive: true, force: true });
});

const has = (command: string, ...args: readonly string[]): boolean => spawnSync(command, args).status === 0;
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });

/** Runs a command of the project behind the forwarder, with nothing of this machine's settings. */
async function inBox(command: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<string> {
  const port = await freePort();
  const toolhost = await bundleToolhost(directory);
  const env = { PATH: process.env['PATH'], HOME: join(directory, 'home'), ...registryEnvironment(port), ...more };
  const args = [toolhost, 'forward', mirror.socketPath, String(port), '--', ...command];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: project, env, timeout: 60_000 });
  return stdout + stderr;
}

const name = '@ai-implement-test/tiny';

/** Packs a package and puts it where the public registry would have it. */
async function serveNpmPackage(): Promise<{ integrity: string }> {
  const folder = join(directory, 'package');
  await writeFiles(folder, {
    'package.json': JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
    'index.js': "module.exports = 'tiny works';\n",
  });
  // A home of its own: what is packed lands in the cache there.
  const env = { PATH: process.env['PATH'], HOME: folder, npm_config_update_notifier: 'false' };
  const [packed] = JSON.parse(execFileSync('npm', ['pack', '--json'], { cwd: folder, env }).toString());
  const path = `/${name}/-/tiny-1.0.0.tgz`;
  upstream.files.set(path, readFileSync(join(folder, packed.filename)));
  const dist = { tarball: `https://registry.npmjs.org${path}`, integrity: packed.integrity };
  const versions = {
    '1.0.0': { name, version: '1.0.0', dist },
    '1.1.0': { name, version: '1.1.0', dist: { ...dist, tarball: 'https://registry.npmjs.org/young.tgz' } },
  };
  const time = { created: daysAgo(99), modified: daysAgo(1), '1.0.0': daysAgo(99), '1.1.0': daysAgo(1) };
  const metadata = JSON.stringify({ name, 'dist-tags': { latest: '1.1.0' }, versions, time, modified: daysAgo(1) });
  upstream.files.set(`/${name.replace('/', '%2f')}`, metadata);
  return { integrity: packed.integrity };
}

test('npm installs what a lock file names, which names the public registry', async () => {
  const { integrity } = await serveNpmPackage();
  const resolved = `https://registry.npmjs.org/${name}/-/tiny-1.0.0.tgz`;
  const root = { name: 'project', version: '1.0.0', dependencies: { [name]: '^1.0.0' } };
  const packages = { '': root, [`node_modules/${name}`]: { version: '1.0.0', resolved, integrity } };
  const lock = JSON.stringify({ name: 'project', version: '1.0.0', lockfileVersion: 3, requires: true, packages });
  await writeFiles(project, { 'package.json': JSON.stringify(root), 'package-lock.json': lock });
  await inBox(['npm', 'ci']);
  expect(execFileSync('node', ['-p', `require('${name}')`], { cwd: project }).toString()).toBe('tiny works\n');
  expect(readFileSync(join(project, 'package-lock.json'), 'utf8')).toBe(lock);
  expect(mirror.urls()).toEqual([expect.stringContaining(`/${name}/-/tiny-1.0.0.tgz`)]);
});

test('npm adds the newest version that is old enough, and locks it at the public registry', async () => {
  await serveNpmPackage();
  await writeFiles(project, { 'package.json': '{"name":"project","version":"1.0.0"}' });
  await inBox(['npm', 'install', name], { npm_config_omit_lockfile_registry_resolved: 'false' });
  const lock = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'));
  expect(lock.packages[`node_modules/${name}`]).toMatchObject({
    version: '1.0.0',
    resolved: `https://registry.npmjs.org/${name}/-/tiny-1.0.0.tgz`,
  });
});

const python = has('python3', '-m', 'pip', '--version') ? 'python3' : null;
const makeWheel = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as wheel:
    info = 'tiny_test-%s.dist-info/' % sys.argv[2]
    wheel.writestr('tiny_test.py', 'says = "tiny works"\\n')
    wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: tiny-test\\nVersion: %s\\n' % sys.argv[2])
    wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr(info + 'RECORD', 'tiny_test.py,,\\n')
`;

(python === null ? test.skip : test)('pip installs the newest version that is old enough', async () => {
  const file = (version: string, uploadedAt: string) => {
    const filename = `tiny_test-${version}-py3-none-any.whl`;
    execFileSync('python3', ['-c', makeWheel, join(directory, filename), version]);
    const bytes = readFileSync(join(directory, filename));
    const path = `/packages/aa/bb/${'c'.repeat(60)}/${filename}`;
    upstream.files.set(path, bytes);
    const hashes = { sha256: createHash('sha256').update(bytes).digest('hex') };
    return { filename, url: `${upstream.origin}${path}`, hashes, 'upload-time': uploadedAt };
  };
  const files = [file('1.0', daysAgo(99)), file('2.0', daysAgo(1))];
  const body = JSON.stringify({ meta: { 'api-version': '1.1' }, name: 'tiny-test', versions: ['1.0', '2.0'], files });
  upstream.files.set('/simple/tiny-test/', {
    body,
    headers: { 'content-type': 'application/vnd.pypi.simple.v1+json' },
  });
  await writeFiles(project, { 'requirements.txt': 'tiny-test>=1\n' });
  const target = join(directory, 'site');
  const install = ['python3', '-m', 'pip', 'install', '--no-cache-dir', '--target', target, '-r', 'requirements.txt'];
  await inBox(install, { PIP_CONFIG_FILE: '/dev/null' });
  const says = ['-c', 'import tiny_test; print(tiny_test.says)'];
  expect(execFileSync('python3', says, { env: { PATH: process.env['PATH'], PYTHONPATH: target } }).toString()).toBe(
    'tiny works\n',
  );
  expect(mirror.urls()).toHaveLength(2);
});

(has('cargo', '--version') ? test : test.skip)(
  'cargo fetches a crate, and locks it at the public registry',
  async () => {
    const crate = 'ai-implement-tiny';
    const folder = join(directory, `${crate}-0.1.0`);
    await writeFiles(folder, {
      'Cargo.toml': `[package]\nname = "${crate}"\nversion = "0.1.0"\nedition = "2021"\n`,
      'src/lib.rs': 'pub fn tiny() {}\n',
    });
    const bytes = execFileSync('tar', ['-czf', '-', '-C', directory, `${crate}-0.1.0`]);
    upstream.files.set(`/crates/${crate}/0.1.0/download`, bytes);
    const cksum = createHash('sha256').update(bytes).digest('hex');
    const line = (vers: string, pubtime: string): string =>
      JSON.stringify({
        name: crate,
        vers,
        deps: [],
        cksum,
        features: {},
        yanked: false,
        pubtime: pubtime.replace(/\.\d+/, ''),
      });
    upstream.files.set(`/ai/-i/${crate}`, `${line('0.1.0', daysAgo(99))}\n${line('0.1.1', daysAgo(1))}\n`);
    await writeFiles(project, {
      'Cargo.toml': `[package]\nname = "project"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n${crate} = "0.1"\n`,
      'src/lib.rs': '',
    });
    await inBox(['cargo', 'fetch'], { RUSTUP_HOME: process.env['RUSTUP_HOME'] ?? join(homedir(), '.rustup') });
    const lock = readFileSync(join(project, 'Cargo.lock'), 'utf8');
    expect(lock).toContain(`name = "${crate}"\nversion = "0.1.0"\n`);
    expect(lock).toContain('crates.io-index');
    expect(mirror.urls()).toContain(`GET /crates/dl/${crate}/0.1.0/download`);
  },
);
