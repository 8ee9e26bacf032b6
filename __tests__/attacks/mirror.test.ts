// Attacks on the way out: a sandbox's only one, when it has one, reads public registries and does nothing else.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPublicAddress, type Resolve } from '../../src/adapters/mirror/public-address.ts';
import type { Mirror, MirrorOptions } from '../../src/adapters/mirror/start-mirror.ts';
import { createUpstreamClient } from '../../src/adapters/mirror/upstream-client.ts';
import { publicUpstreams, type Upstreams } from '../../src/adapters/mirror/upstreams.ts';
import { ask, askRaw, daysAgo, openMirror, startUpstream, type Upstream } from '../support/mirror-bed.ts';
import { startTlsEcho, tunnel, type TlsEcho } from './tls-bed.ts';

let directory: string;
let upstream: Upstream;
let mirror: Mirror;
const mirrors: Mirror[] = [];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mirror-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** All registries at one server. */
const everythingAt = (origin: string): Upstreams => ({
  npm: origin,
  pypi: origin,
  pypiFiles: origin,
  go: origin,
  goSums: origin,
  crates: origin,
  cratesFiles: origin,
  redirects: [],
});
const open = async (options: Partial<MirrorOptions> = {}): Promise<Mirror> => {
  const opened = await openMirror(directory, { upstreams: everythingAt(upstream.origin), ...options });
  mirrors.push(opened);
  return opened;
};
beforeEach(async () => {
  upstream = await startUpstream();
  mirror = await open();
});
afterEach(async () => {
  await Promise.all(mirrors.splice(0).map((one) => one.close()));
  await upstream.close();
});

const tarball = '/left-pad/-/left-pad-1.0.0.tgz';

describe('what may be asked', () => {
  test.each(['PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    'T32 mirror method: %s gets a 405',
    async (method) => {
      expect((await ask(mirror, '/npm/left-pad', { method })).status).toBe(405);
      expect(upstream.seen).toEqual([]);
    },
  );

  test('T32 mirror method: CONNECT gets a 405, and a wish for another protocol none of it', async () => {
    const host = `127.0.0.1:${upstream.port}`;
    expect(await askRaw(mirror, `CONNECT ${host} HTTP/1.1\r\nhost: ${host}\r\n\r\n`)).toBe(405);
    const upgrade =
      'GET /npm/left-pad HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n';
    expect(upstream.seen).toEqual([]);
    expect(await askRaw(mirror, upgrade)).toBe(404);
    expect(upstream.seen.map(({ headers }) => headers.upgrade)).toEqual([undefined]);
  });

  const refusedPaths = [
    '/-/v1/search?text=S',
    '/npm/-/v1/search?text=S',
    '/npm/-/v1/search',
    '/npm/-/npm/v1/security/advisories/bulk',
    '/npm/-/whoami',
    '/npm/left-pad?secret=1',
    '/npm/left-pad?',
    '/npm/left-pad#x',
    '/npm/',
    '/',
    '/npm/../etc/passwd',
    '/npm/left-pad/../../..',
    '/npm/%2e%2e/x',
    '/npm/..%2f..%2fx',
    '/npm/left%2fpad',
    '/npm/@scope%2fname%2fmore',
    '/npm/@scope%252fname',
    '/npm/left-pad/-/..%2f..%2fx.tgz',
    '/npm/left-pad/-/../x.tgz',
    '/npm/left-pad/-/x.tgz/more',
    '/npm//left-pad',
    '//evil.invalid/npm/left-pad',
    '/npm/left-pad\\..\\x',
    '/npm/left-pad%00',
    `/npm/${'a'.repeat(2000)}`,
    '/pypi/simple/',
    '/pypi/simple/a/../b/',
    '/pypi/simple/a%2fb/',
    '/pypi/pypi/requests/json',
    '/pypi/files/packages/../../x.whl',
    '/go/example.org/m/@v/main.info',
    '/go/example.org/m/../x/@v/list',
    '/go/example.org/m%2fx/@v/list',
    '/go/localhost/m/@v/list',
    '/go/sumdb/evil.invalid/latest',
    '/go/sumdb/sum.golang.org/../../x',
    '/crates/index/se/rd/../../x',
    '/crates/index/aa/bb/serde',
    '/crates/api/v1/crates?q=S',
    '/crates/dl/serde/1.0.0/../../download',
  ];
  test.each(refusedPaths)('T33 mirror path: %j gets a 403', async (path) => {
    const status = await askRaw(mirror, `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:1\r\n\r\n`);
    expect(status).toBe(403);
    expect(upstream.seen).toEqual([]);
  });

  test('T33 mirror path: an absolute address gets a 403, and so does a host that is not ours', async () => {
    const absolute = `GET ${upstream.origin}/npm/left-pad HTTP/1.1\r\nhost: 127.0.0.1:1\r\n\r\n`;
    expect(await askRaw(mirror, absolute)).toBe(403);
    expect(await askRaw(mirror, 'GET /npm/left-pad HTTP/1.1\r\nhost: evil.invalid\r\n\r\n')).toBe(403);
    expect(upstream.seen).toEqual([]);
  });

  const hash = `aa/bb/${'c'.repeat(60)}`;
  test.each([
    ['/npm/left-pad/-/left-pad-1.0.0.tgz', '/left-pad/-/left-pad-1.0.0.tgz'],
    ['/left-pad/-/left-pad-1.0.0.tgz', '/left-pad/-/left-pad-1.0.0.tgz'],
    ['/npm/@scope/name/-/name-1.0.0.tgz', '/@scope/name/-/name-1.0.0.tgz'],
    ['/npm/@scope%2fname/-/name-1.0.0.tgz', '/@scope%2fname/-/name-1.0.0.tgz'],
    ['/npm/@scope%2fname', '/@scope%2fname'],
    ['/npm/@scope/name', '/@scope/name'],
    ['/npm/JSONStream', '/JSONStream'],
    ['/pypi/simple/Zope.Interface/', '/simple/zope-interface/'],
    [
      `/pypi/files/packages/${hash}/a-1.0%2Blocal-py3-none-any.whl.metadata`,
      `/packages/${hash}/a-1.0%2Blocal-py3-none-any.whl.metadata`,
    ],
    ['/go/github.com/!burnt!sushi/toml/@v/list', '/github.com/!burnt!sushi/toml/@v/list'],
    ['/go/golang.org/x/text/@v/v0.3.2.zip', '/golang.org/x/text/@v/v0.3.2.zip'],
    [
      '/go/gopkg.in/yaml.v3/@v/v3.0.0-20200313102051-9f266ea9e77c.mod',
      '/gopkg.in/yaml.v3/@v/v3.0.0-20200313102051-9f266ea9e77c.mod',
    ],
    ['/go/sumdb/sum.golang.org/lookup/golang.org/x/text@v0.3.2', '/lookup/golang.org/x/text@v0.3.2'],
    ['/go/sumdb/sum.golang.org/tile/8/0/x001/234.p/5', '/tile/8/0/x001/234.p/5'],
    ['/crates/index/se/rd/serde', '/se/rd/serde'],
    ['/crates/index/3/f/foo', '/3/f/foo'],
    ['/crates/dl/zstd-sys/2.0.9+zstd.1.5.5/download', '/crates/zstd-sys/2.0.9+zstd.1.5.5/download'],
  ])('%j is asked of its registry', async (path, asked) => {
    await ask(mirror, path);
    expect(upstream.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([`GET ${asked}`]);
  });

  test('mutation: the client behind the paths asks whatever it is given', async () => {
    const upstreams = { ...publicUpstreams, npm: upstream.origin };
    const client = createUpstreamClient({ upstreams, allowLoopback: true });
    const reply = await client.ask({
      url: new URL('/-/v1/search?text=S', upstream.origin),
      method: 'GET',
      accept: '*/*',
    });
    reply.resume();
    client.close();
    expect(upstream.seen.map(({ url }) => url)).toEqual(['/-/v1/search?text=S']);
  });

  const secrets = {
    authorization: 'Bearer planted-secret',
    cookie: 'a=planted-secret',
    'x-anything': 'planted-secret',
    'user-agent': 'planted-secret',
    accept: 'planted-secret',
    referer: 'http://planted-secret/',
    'if-none-match': '"planted-secret"',
    'npm-auth-type': 'planted-secret',
  };

  test('T34 mirror header: nothing that the client sends beside the path is forwarded', async () => {
    upstream.files.set(tarball, { body: 'x', headers: { 'set-cookie': 'b=1', 'x-trace': '1' } });
    upstream.files.set('/left-pad', JSON.stringify({ name: 'left-pad', versions: {} }));
    const reply = await ask(mirror, `/npm${tarball}`, { headers: secrets });
    await ask(mirror, '/npm/left-pad', { headers: secrets });
    expect(upstream.seen).toHaveLength(2);
    expect(JSON.stringify(upstream.seen)).not.toContain('planted-secret');
    expect(upstream.seen.flatMap(({ headers }) => Object.keys(headers))).not.toContain('authorization');
    expect(Object.keys(reply.headers)).not.toEqual(expect.arrayContaining(['set-cookie']));
    expect(reply.headers['x-trace']).toBeUndefined();
  });

  test('mutation: a proxy that passes headers on shows them to the registry', async () => {
    const naive = createServer(({ url = '', headers }, response) => {
      httpRequest(new URL(url, upstream.origin), { headers }, (reply) => void reply.pipe(response)).end();
    });
    const socketPath = join(directory, 'naive.sock');
    await new Promise<void>((resolve) => naive.listen(socketPath, resolve));
    await ask({ socketPath }, tarball, { headers: secrets });
    naive.closeAllConnections();
    naive.close();
    expect(JSON.stringify(upstream.seen)).toContain('planted-secret');
  });
});

describe('where a request may end', () => {
  let other: Upstream;
  beforeEach(async () => {
    other = await startUpstream({ '/x': 'reached' });
    upstream.files.set(tarball, { status: 302, headers: { location: `${other.origin}/x` } });
  });
  afterEach(() => other.close());

  test('T35 mirror redirect: one to another host is refused', async () => {
    expect((await ask(mirror, `/npm${tarball}`)).status).toBe(502);
    upstream.files.set('/left-pad', { status: 301, headers: { location: `${other.origin}/x` } });
    expect((await ask(mirror, '/npm/left-pad')).status).toBe(502);
    expect(other.seen).toEqual([]);
  });

  test('T35 mirror redirect: one in circles ends', async () => {
    upstream.files.set(tarball, { status: 302, headers: { location: tarball } });
    expect((await ask(mirror, `/npm${tarball}`)).status).toBe(502);
    expect(upstream.seen.length).toBeLessThan(10);
  });

  test('mutation: a redirect to a place that is listed is followed', async () => {
    const listed = { ...everythingAt(upstream.origin), redirects: [`${other.origin}/`] };
    expect((await ask(await open({ upstreams: listed }), `/npm${tarball}`)).body).toBe('reached');
  });

  const named = (): Upstreams => everythingAt(`http://registry.example.invalid:${upstream.port}`);
  const resolvesTo = (...addresses: readonly string[]): Resolve => {
    return (_name, done) => {
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    };
  };

  test.each([
    ['this machine', '127.0.0.1'],
    ['this machine in IPv6', '::1'],
    ['this machine in the clothes of IPv6', '::ffff:127.0.0.1'],
    ['this machine behind a translator', '64:ff9b::7f00:1'],
    ['the metadata service of a cloud', '169.254.169.254'],
    ['a private network', '10.1.2.3'],
    ['another private network', '172.20.0.1'],
    ['a home network', '192.168.1.1'],
    ['a private network in IPv6', 'fd00::1'],
    ['any address', '0.0.0.0'],
  ])('T35 mirror rebinding: a name that is %s is refused', async (_what, address) => {
    upstream.files.set(tarball, 'reached');
    const closed = await open({ upstreams: named(), allowLoopback: false, resolve: resolvesTo(address) });
    const reply = await ask(closed, `/npm${tarball}`);
    expect(reply).toMatchObject({ status: 502, body: expect.stringContaining(address) });
    expect(upstream.seen).toEqual([]);
  });

  test('T35 mirror rebinding: one private address among public ones is enough, and so is one written out', async () => {
    const mixed = await open({ upstreams: named(), allowLoopback: false, resolve: resolvesTo('127.0.0.1', '8.8.8.8') });
    expect((await ask(mixed, `/npm${tarball}`)).status).toBe(502);
    const written = await open({ allowLoopback: false });
    expect((await ask(written, `/npm${tarball}`)).status).toBe(502);
    expect(upstream.seen).toEqual([]);
  });

  test('mutation: with this machine allowed, a name that is this machine is reached', async () => {
    upstream.files.set(tarball, 'reached');
    const open_ = await open({ upstreams: named(), resolve: resolvesTo('127.0.0.1') });
    expect((await ask(open_, `/npm${tarball}`)).body).toBe('reached');
  });

  test.each([
    ['1.1.1.1', true],
    ['172.15.0.1', true],
    ['172.16.0.1', false],
    ['100.64.0.1', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['2606:4700::1', true],
    ['2001:db8::1', false],
    ['2002:7f00:1::', false],
    ['fe80::1', false],
    ['fe80::1%eth0', false],
    ['::', false],
    ['::ffff:8.8.8.8', true],
    ['::ffff:a00:1', false],
    ['localhost', false],
  ])('whether %s is public: %s', (address, expected) => {
    expect(isPublicAddress(address, false)).toBe(expected);
  });
});

describe('versions that are too young', () => {
  const npmPackage = {
    name: 'left-pad',
    'dist-tags': { latest: '1.10.0', next: '2.0.0-rc.1', old: '1.2.0' },
    versions: Object.fromEntries(
      ['1.2.0', '1.9.0', '1.10.0', '2.0.0-rc.1', '3.0.0'].map((version) => [
        version,
        { name: 'left-pad', version, dist: { tarball: `https://registry/left-pad/-/left-pad-${version}.tgz` } },
      ]),
    ),
    time: {
      created: daysAgo(900),
      modified: daysAgo(1),
      '1.2.0': daysAgo(900),
      '1.9.0': daysAgo(30),
      '1.10.0': daysAgo(1),
      '2.0.0-rc.1': daysAgo(20),
      // 3.0.0 has no time.
    },
  };
  const shown = async (from: Mirror, path: string, headers = {}): Promise<Record<string, Record<string, unknown>>> =>
    JSON.parse((await ask(from, path, { headers })).body);
  const abbreviated = { accept: 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*' };

  test.each([
    ['in full', {}],
    ['abbreviated', abbreviated],
  ])('T36 young package: npm, asked %s, does not see it', async (_how, headers) => {
    upstream.files.set('/left-pad', JSON.stringify({ ...npmPackage, modified: daysAgo(1) }));
    const found = await shown(mirror, '/npm/left-pad', headers);
    expect(Object.keys(found['versions'] ?? {})).toEqual(['1.2.0', '1.9.0', '2.0.0-rc.1']);
    expect(Object.keys(found['time'] ?? {})).toEqual(['created', 'modified', '1.2.0', '1.9.0', '2.0.0-rc.1']);
    expect(found['dist-tags']).toEqual({ latest: '1.9.0', next: '2.0.0-rc.1', old: '1.2.0' });
    expect((await ask(mirror, '/npm/left-pad/1.10.0')).status).toBe(404);
    expect((await shown(mirror, '/npm/left-pad/latest'))['version']).toBe('1.9.0');
  });

  test('T36 young package: one that has young versions only is not there', async () => {
    upstream.files.set('/left-pad', JSON.stringify({ ...npmPackage, time: { '1.2.0': daysAgo(6) } }));
    expect((await ask(mirror, '/npm/left-pad')).status).toBe(404);
  });

  test('mutation: without a least age npm sees the version of yesterday', async () => {
    upstream.files.set('/left-pad', JSON.stringify(npmPackage));
    const found = await shown(await open({ minimumAgeDays: 0 }), '/npm/left-pad');
    expect(found['dist-tags']).toMatchObject({ latest: '1.10.0' });
  });

  test('a package that has not changed for long is passed on abbreviated, asked once', async () => {
    upstream.files.set('/left-pad', JSON.stringify({ ...npmPackage, time: undefined, modified: daysAgo(8) }));
    const found = await shown(mirror, '/npm/left-pad', abbreviated);
    expect(Object.keys(found['versions'] ?? {})).toHaveLength(5);
    expect(upstream.seen).toHaveLength(1);
  });

  const archives = async (agent: string): Promise<string> => {
    const at = `${upstream.origin}/left-pad/-/left-pad-1.2.0.tgz`;
    const versions = { '1.2.0': { version: '1.2.0', dist: { tarball: at } } };
    upstream.files.set('/left-pad', JSON.stringify({ ...npmPackage, versions }));
    return (await ask(mirror, '/npm/left-pad', { headers: { 'user-agent': agent } })).body;
  };

  test('archives are at the mirror for all clients but npm, which looks there by itself and locks the address', async () => {
    expect(await archives('pnpm/12.0.0 npm/? node/v20')).toContain(
      '"http://127.0.0.1:4873/npm/left-pad/-/left-pad-1.2.0.tgz"',
    );
    expect(await archives('npm/11.0.0 node/v20')).toContain(`"${upstream.origin}/left-pad/-/left-pad-1.2.0.tgz"`);
  });

  const wheel = (version: string, uploadedAt: string | undefined) => ({
    filename: `a_b-${version}-py3-none-any.whl`,
    url: `${upstream.origin}/packages/aa/bb/${'c'.repeat(60)}/a_b-${version}-py3-none-any.whl`,
    hashes: { sha256: 'd'.repeat(64) },
    'requires-python': '>=3.8',
    ...(uploadedAt === undefined ? {} : { 'upload-time': uploadedAt }),
  });
  const project = () =>
    JSON.stringify({
      meta: { 'api-version': '1.1' },
      name: 'a-b',
      versions: ['1.0', '1.1', '1.2'],
      files: [wheel('1.0', daysAgo(100)), wheel('1.1', daysAgo(1)), wheel('1.2', undefined)],
    });

  test('T36 young package: pip does not see it, as JSON and as a page', async () => {
    upstream.files.set('/simple/a-b/', {
      body: project(),
      headers: { 'content-type': 'application/vnd.pypi.simple.v1+json' },
    });
    const found = await shown(mirror, '/pypi/simple/A.B/', {
      accept: 'application/vnd.pypi.simple.v1+json, text/html; q=0.1',
    });
    expect(found['versions']).toEqual(['1.0']);
    const url = `/pypi/files/packages/aa/bb/${'c'.repeat(60)}/a_b-1.0-py3-none-any.whl`;
    expect(found['files']).toEqual([expect.objectContaining({ url })]);
    const page = (await ask(mirror, '/pypi/simple/a-b/')).body;
    expect(page.match(/<a /g)).toHaveLength(1);
    expect(page).toContain(`href="${url}#sha256=${'d'.repeat(64)}" data-requires-python="&gt;=3.8"`);
    expect((await ask(await open({ minimumAgeDays: 0 }), '/pypi/simple/a-b/')).body.match(/<a /g)).toHaveLength(3);
  });

  test('T36 young package: cargo does not see it where the index tells its time', async () => {
    const line = (vers: string, more = {}): string =>
      JSON.stringify({ name: 'serde', vers, deps: [], cksum: '', ...more });
    const lines = [line('1.0.0'), line('1.0.1', { pubtime: daysAgo(100) }), line('1.0.2', { pubtime: daysAgo(1) })];
    upstream.files.set('/se/rd/serde', `${lines.join('\n')}\n`);
    const { body } = await ask(mirror, '/crates/index/se/rd/serde');
    expect(body.match(/"vers":"[\d.]+"/g)).toEqual(['"vers":"1.0.0"', '"vers":"1.0.1"']);
    expect(JSON.parse((await ask(mirror, '/crates/index/config.json')).body)).toEqual({
      dl: 'http://127.0.0.1:4873/crates/dl',
    });
  });

  test('T36 young package: go does not see it in list, latest and info, as far as commits tell their time', async () => {
    const info = (Version: string, days: number): string => JSON.stringify({ Version, Time: daysAgo(days) });
    upstream.files.set('/example.org/m/@v/list', 'v1.2.0\nv1.10.0\nv1.9.0\nv1.11.0-rc.1\nv1.0.0\n');
    upstream.files.set('/example.org/m/@latest', info('v1.10.0', 1));
    upstream.files.set('/example.org/m/@v/v1.10.0.info', info('v1.10.0', 1));
    upstream.files.set('/example.org/m/@v/v1.9.0.info', info('v1.9.0', 50));
    expect((await ask(mirror, '/go/example.org/m/@v/list')).body.split('\n')).toEqual([
      'v1.9.0',
      'v1.2.0',
      'v1.0.0',
      'v1.11.0-rc.1',
    ]);
    expect((await ask(mirror, '/go/example.org/m/@latest')).status).toBe(404);
    expect((await ask(mirror, '/go/example.org/m/@v/v1.10.0.info')).status).toBe(404);
    expect((await ask(mirror, '/go/example.org/m/@v/v1.9.0.info')).status).toBe(200);
    expect((await ask(mirror, '/go/sumdb/sum.golang.org/supported')).status).toBe(200);
  });
});

describe('what is kept of it', () => {
  test('every request is told and kept, refused ones with the reason', async () => {
    const told: unknown[] = [];
    const logged = await open({ onRequest: (request) => told.push(request) });
    upstream.files.set(tarball, 'x');
    await ask(logged, `/npm${tarball}`);
    await ask(logged, '/npm/-/v1/search?text=S');
    expect(told).toEqual([
      { method: 'GET', url: `/npm${tarball}`, status: 200, reason: null },
      { method: 'GET', url: '/npm/-/v1/search?text=S', status: 403, reason: 'no path of a registry' },
    ]);
    expect(logged.urls()).toEqual([`GET /npm${tarball}`, 'GET /npm/-/v1/search?text=S']);
  });

  test('a file that is too large is not passed on, whether it says so or not', async () => {
    const small = await open({ maxFileBytes: 10 });
    upstream.files.set(tarball, 'x'.repeat(11));
    expect((await ask(small, `/npm${tarball}`)).status).toBe(502);
    upstream.files.set(tarball, { body: 'x'.repeat(11), headers: { 'transfer-encoding': 'chunked' } });
    await expect(ask(small, `/npm${tarball}`)).rejects.toThrow();
    upstream.files.set(tarball, 'x'.repeat(10));
    expect((await ask(small, `/npm${tarball}`)).body).toHaveLength(10);
  });

  test('an answer that is none of its kind is not passed on', async () => {
    upstream.files.set('/left-pad', '<html>login</html>');
    expect((await ask(mirror, '/npm/left-pad')).status).toBe(502);
    upstream.files.set('/left-pad', '{"versions": []}');
    expect((await ask(mirror, '/npm/left-pad')).status).toBe(502);
  });

  test('a HEAD is answered without a body', async () => {
    upstream.files.set(tarball, 'x');
    const reply = await ask(mirror, `/npm${tarball}`, { method: 'HEAD' });
    expect(reply).toMatchObject({ status: 200, body: '', headers: { 'content-length': '1' } });
  });

  test('closing ends connections and removes the socket', async () => {
    const socket = connect({ path: mirror.socketPath });
    await new Promise((resolve) => socket.once('connect', resolve));
    const ended = new Promise((resolve) => socket.once('close', resolve));
    await mirrors.splice(mirrors.indexOf(mirror), 1)[0]?.close();
    await ended;
    await expect(ask(mirror, '/npm/left-pad')).rejects.toThrow();
  });
});

describe('tunnels to named hosts', () => {
  let echo: TlsEcho;
  let proxy: Mirror;
  const told: { url: string; status: number; reason: string | null }[] = [];
  beforeEach(async () => {
    told.length = 0;
    echo = await startTlsEcho();
    proxy = await open({
      mode: 'hosts',
      hosts: ['Api.Example.com'],
      hostPort: echo.port,
      resolve: (_name, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
      onRequest: (request) => told.push(request),
    });
  });
  afterEach(() => echo.close());

  test('a listed host is reached when the greeting names it', async () => {
    expect(await tunnel(proxy, 'api.example.com:443', { serverName: 'api.example.com' })).toBe('echo of hello');
    expect(told).toEqual([expect.objectContaining({ url: 'api.example.com:443', status: 200, reason: null })]);
  });

  test.each([
    'evil.example.com:443',
    'example.com:443',
    'api.example.com:80',
    'api.example.com.:443',
    '127.0.0.1:443',
    'xapi.example.com:443',
  ])('CONNECT to %s gets a 403', async (target) => {
    await expect(tunnel(proxy, target, { serverName: 'api.example.com' })).rejects.toThrow('403');
    expect(echo.connections()).toBe(0);
  });

  test.each([
    ['another name', { serverName: 'evil.example.com' }, 'the server name is evil.example.com'],
    ['no name', {}, 'the server name is missing'],
    ['no TLS', { plain: 'GET / HTTP/1.1\r\nhost: api.example.com\r\n\r\n' }, 'no TLS greeting'],
    ['an encrypted name', { serverName: 'api.example.com', encrypted: true }, 'the server name is encrypted'],
  ])('a greeting with %s goes nowhere', async (_what, greeting, reason) => {
    await expect(tunnel(proxy, 'api.example.com:443', greeting)).rejects.toThrow('heard');
    expect(told).toEqual([expect.objectContaining({ status: 403, reason })]);
    expect(echo.connections()).toBe(0);
  });

  test('a name that is this machine is not reached', async () => {
    const closed = await open({
      mode: 'hosts',
      hosts: ['api.example.com'],
      hostPort: echo.port,
      allowLoopback: false,
      resolve: (_name, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    await expect(tunnel(closed, 'api.example.com:443', { serverName: 'api.example.com' })).rejects.toThrow();
    expect(echo.connections()).toBe(0);
  });

  test.each([
    '*.example.com',
    'example',
    '10.0.0.1',
    '[::1]',
    'example.com:443',
    'https://example.com',
    'example.com/x',
    '',
  ])('%j may not stand in the list', async (host) => {
    await expect(open({ mode: 'hosts', hosts: [host] })).rejects.toMatchObject({ code: 'input-invalid' });
  });

  test('mutation: what a mirror refuses goes through a tunnel unseen', async () => {
    const put = 'PUT /left-pad HTTP/1.1';
    expect(await tunnel(proxy, 'api.example.com:443', { serverName: 'api.example.com', say: put })).toBe(
      `echo of ${put}`,
    );
    expect(JSON.stringify(told)).not.toContain('PUT');
  });
});
