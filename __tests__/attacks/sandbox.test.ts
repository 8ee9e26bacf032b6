// Attacks from inside a box: each is tried in every kind of sandbox that the machine has, and once without any.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  brokerSecret,
  bundleBroker,
  commandLines,
  flavours,
  noSandbox,
  startBroker,
  type BrokerBundles,
  type Flavour,
  type SandboxedBroker,
} from '../support/sandboxed-broker.ts';

const bundles: BrokerBundles = await bundleBroker();
afterAll(() => bundles.remove());

/** Why a kind cannot be had here; null when it can. */
async function whyNot(flavour: Flavour): Promise<string | null> {
  try {
    await (await startBroker(flavour, bundles)).close();
    return null;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
  }
}
const reasons = await Promise.all(flavours.map(whyNot));
const there = flavours.filter((_, i) => reasons[i] === null);
flavours.forEach(({ name }, i) => {
  if (reasons[i] !== null) test.skip(`${name} cannot run here: ${reasons[i] ?? ''}`, () => undefined);
});

test('at least one sandbox is there to be attacked', () => {
  expect(there).not.toEqual([]);
});

/** Everything that the test looks for in one output. */
const whatLeaks = 'cat /proc/[0-9]*/environ 2>/dev/null | tr "\\0" "\\n"; ps auxeww; env';
const readOutside = (directory: string): string =>
  `for f in ${directory}/home/.ssh/id ${directory}/home/.npmrc ${directory}/runner/token /etc/shadow; do cat "$f" && echo REACHED; done; ls ${directory}`;
/** Whether any memory that can be opened holds the secret, which stands in here in two parts. */
const scanMemory = `node -e '
const fs = require("fs"); const wanted = Buffer.from("planted-secret-of-" + "the-broker"); let hits = 0;
for (const pid of fs.readdirSync("/proc").filter((n) => /^\\d+$/.test(n) && n !== String(process.pid))) {
  try {
    const mem = fs.openSync("/proc/" + pid + "/mem", "r");
    for (const line of fs.readFileSync("/proc/" + pid + "/maps", "utf8").split("\\n")) {
      const m = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line); if (!m) continue;
      const from = parseInt(m[1], 16), size = Math.min(parseInt(m[2], 16) - from, 64e6);
      try { const b = Buffer.alloc(size); fs.readSync(mem, b, 0, size, from); if (b.includes(wanted)) hits += 1; } catch {}
    }
  } catch {}
}
console.log("hits " + hits);'`;

let server: Server;
let port = 0;
beforeAll(async () => {
  server = createServer((socket) => socket.end('REACHED\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => void server.close());

describe.each(there)('in $name:', (flavour) => {
  let broker: SandboxedBroker;
  beforeAll(async () => {
    broker = await startBroker(flavour, bundles);
  });
  afterAll(() => broker.close());

  test('T21 env leak: no process shows the environment of the broker', async () => {
    const { output } = await broker.run(whatLeaks);
    expect(output).toContain('HOME=/home/agent');
    expect(output).not.toContain(brokerSecret);
  });

  test('T22 file tool env: the tools that read files cannot show it either', async () => {
    for (const path of [
      '/proc/self/environ',
      '/proc/1/environ',
      '/proc/self/root/../environ',
      '../../proc/1/environ',
    ]) {
      const { content } = await broker.call('read', { paths: [{ path }] });
      expect(content).not.toContain(brokerSecret);
    }
    const through = 'ln -s /proc p; cat p/1/environ p/self/environ | tr "\\0" "\\n"; rm p';
    expect((await broker.run(through)).output).not.toContain(brokerSecret);
  });

  test('T23 parent memory: nobody whose memory holds it can be read', async () => {
    expect((await broker.run(scanMemory)).output).toContain('hits 0');
  });

  test('T24 outside read: no file of the machine is there, nor the tree of a sibling', async () => {
    await broker.openSecond();
    const { output } = await broker.run(readOutside(broker.directory));
    expect(output).not.toContain(brokerSecret);
    expect(output).not.toContain('REACHED');
    expect(output).toContain('No such file');
    const trees = join(broker.directory, 'trees/002/tree');
    expect(existsSync(trees)).toBe(true);
    expect((await broker.run(`ls ${trees}`)).exitCode).not.toBe(0);
  });

  test('T25 link escape: a link out of the tree leads nowhere that matters', async () => {
    const outside = join(broker.directory, 'runner/token');
    await broker.run('ln -sfn / root; ln -sfn / up');
    for (const path of [`root${outside}`, `up${outside}`]) {
      expect((await broker.call('read', { paths: [{ path }] })).content).not.toContain(brokerSecret);
      await broker.call('write', { path, content: 'OVERWRITTEN' });
      await broker.call('edit', { path, edits: [{ old_string: 'planted', new_string: 'OVERWRITTEN' }] });
      await broker.call('search', { pattern: 'planted', path: 'root' });
    }
    await broker.run(`echo OVERWRITTEN > root${outside}; rm -f root up`);
    expect(readFileSync(outside, 'utf8')).toBe(brokerSecret);
  });

  test('T26 link swap race: writes during a thousand swaps stay in the tree', async () => {
    const victim = join(broker.directory, 'runner');
    const swap = `while [ ! -e stop ]; do mkdir -p d; rm -rf d; ln -s ${victim} d; rm -f d; done`;
    const racing = broker.run(swap, 60_000);
    for (let i = 0; i < 100; i += 1) {
      const batch = Array.from({ length: 10 }, (_, k) => ({ path: `d/f${k}`, content: 'x' }));
      await Promise.all(batch.map((input) => broker.call('write', input)));
    }
    await broker.run('touch stop');
    await racing;
    expect(existsSync(join(victim, 'f0'))).toBe(false);
    expect(readFileSync(join(victim, 'token'), 'utf8')).toBe(brokerSecret);
    await broker.run('rm -rf d stop');
  });

  test('T27 hardlink: no file outside can be linked into the tree', async () => {
    const outside = join(broker.directory, 'runner/token');
    const { output } = await broker.run(`ln ${outside} mine && echo LINKED; ln /etc/passwd mine && echo LINKED`);
    expect(output).not.toContain('LINKED');
  });

  test('T28 FIFO read: the tool that reads says so and does not hang', async () => {
    await broker.run('mkfifo pipe');
    expect(await broker.call('read', { paths: [{ path: 'pipe' }] })).toMatchObject({ isError: true });
    await broker.run('rm pipe');
  });

  test('T29 root tmpfs: nothing can be written beside the places that are given', async () => {
    const places = '/zz /usr/zz /etc/zz /ai/zz /home/zz /var/zz /run/zz /dev/zz';
    const { output } = await broker.run(
      `for f in ${places}; do head -c 300000000 /dev/zero > $f && echo WROTE $f; done`,
    );
    expect(output).not.toContain('WROTE');
  });

  test('T30 egress: no way leads to the machine or beyond', async () => {
    const ways = `
      (exec 3<>/dev/tcp/127.0.0.1/${port} && cat <&3) 2>&1
      node -e 'require("net").connect(${port}, "127.0.0.1").on("data", (d) => console.log(String(d))).on("error", (e) => console.log(e.code))'
      node -e 'const s = require("dgram").createSocket("udp4"); s.send("x", 53, "8.8.8.8", (e) => { console.log(e ? e.code : "SENT"); s.close(); })'
      node -e 'const s = require("dgram").createSocket("udp6"); s.send("x", 53, "2001:4860:4860::8888", (e) => { console.log(e ? e.code : "SENT"); s.close(); })'
      node -e 'require("net").connect(80, "169.254.169.254").on("connect", () => console.log("CONNECTED")).on("error", (e) => console.log(e.code))'
      node -e 'require("dns").lookup("registry.npmjs.org", (e) => console.log(e ? e.code : "RESOLVED"))'
      cat /proc/net/dev`;
    const { output } = await broker.run(ways);
    for (const word of ['REACHED', 'SENT', 'CONNECTED', 'RESOLVED']) expect(output).not.toContain(word);
    expect(output.match(/^\s*\w+:/gm)).toEqual([expect.stringContaining('lo:')]);
  });

  test('T30 egress: an abstract socket of the machine is out of reach', async () => {
    const name = `ai-attack-${process.pid}-${flavour.userId}`;
    const abstract = createServer((socket) => socket.end('REACHED'));
    await new Promise<void>((resolve) => abstract.listen(`\0${name}`, resolve));
    const connect = `perl -MSocket -e 'socket(my $s, AF_UNIX, SOCK_STREAM, 0); connect($s, pack("Sa*", AF_UNIX, "\\0${name}")) and print <$s>'`;
    expect((await broker.run(connect)).output).not.toContain('REACHED');
    abstract.close();
  });

  test('T31 privileges: none are held, and none can be had', async () => {
    const ways = `
      grep -E '^(NoNewPrivs|CapEff|CapBnd|CapPrm|CapAmb|Seccomp):' /proc/self/status
      sudo -n true && echo GOT sudo
      su -c true </dev/null && echo GOT su
      mount -t tmpfs x /tmp && echo GOT mount
      unshare -Ur true && echo GOT userns
      unshare -n true && echo GOT netns
      chroot / true && echo GOT chroot
      [ -e /var/run/docker.sock ] || [ -e /run/docker.sock ] && echo GOT docker
      sleep 5 & perl -e 'print syscall(101, 16, $ARGV[0] + 0, 0, 0) == 0 ? "GOT ptrace\\n" : "no ptrace: $!\\n"' $!
      perl -e 'my $p = pack("x120"); my $r = syscall(425, 4, $p); print $r >= 0 ? "GOT io_uring\\n" : "no io_uring: $!\\n"'
      perl -e 'print syscall(250, 0, -3, 0) >= 0 ? "GOT keyring\\n" : "no keyring: $!\\n"'
      perl -e 'my $r = syscall(56, 0x10000000 | 17, 0, 0, 0, 0); exit 0 if $r == 0; print $r > 0 ? "GOT clone\\n" : "no clone: $!\\n"'
      true`;
    const { output } = await broker.run(ways);
    expect(output).not.toContain('GOT');
    expect(output).toMatch(/NoNewPrivs:\s+1/);
    expect(output.match(/Cap\w+:\s+(\w+)/g)?.every((line) => /\s0+$/.test(line))).toBe(true);
    expect(output).toMatch(/Seccomp:\s+2/);
  });

  test('T37 kill tree: nothing outlives its time limit, whatever it does', async () => {
    const name = `47${String(process.pid)}.${String(flavour.userId)}`;
    const tricks = `setsid sleep ${name} & (setsid sh -c 'trap "" TERM HUP INT; sleep ${name}; sleep ${name}' &) ; nohup env -i sleep ${name} & trap '' TERM; sleep ${name}`;
    const { timedOut } = await broker.run(tricks, 1_000);
    expect(timedOut).toBe(true);
    expect(commandLines()).not.toContain(`sleep ${name}`);
  });

  test('T39 flood: a command that prints without end is ended, and says why', async () => {
    const { output, exitCode } = await broker.run('yes');
    expect(exitCode).toBeNull();
    expect(output).toContain('killed: more than 64 MiB of output');
  });

  test('T39 fork bomb: it is bounded, and the broker goes on', async () => {
    const bomb = await broker.run('f() { f | f & }; f; sleep 20', 4_000);
    expect(bomb.exitCode === null || bomb.exitCode !== 0).toBe(true);
    expect((await broker.run('echo still here')).output).toBe('still here\n');
  });
});

const brokers: SandboxedBroker[] = [];
/** One that is ended after the test, however that ends. */
const open: typeof startBroker = async (...given) => {
  const broker = await startBroker(...given);
  brokers.push(broker);
  return broker;
};
afterEach(async () => {
  await Promise.all(brokers.splice(0).map((broker) => broker.close()));
});

/** Answers on a port and on an abstract socket, and says so in a file, until another file is there. */
const listen = (ports: number): string =>
  `node -e 'const say = (s) => s.end("REACHED"); const all = [${ports}, "\\0ai-attack-${ports}"].map((at) => require("net").createServer(say).listen(at)); all[1].on("listening", () => require("fs").writeFileSync("up-${ports}", "")); setInterval(() => require("fs").existsSync("down-${ports}") && process.exit(), 20)'`;
const reach = (ports: number): string =>
  `for i in $(seq 50); do [ -e up-${ports} ] && break; sleep 0.1; done; [ -e up-${ports} ] && echo UP; node -e 'for (const at of [{ port: ${ports} }, { path: "\\0ai-attack-${ports}" }]) require("net").connect(at).on("data", (d) => console.log(String(d))).on("error", (e) => console.log(e.code))'`;

describe.each(there)('in $name:', (flavour) => {
  test('T30 egress: what one command listens on, no other command reaches', async () => {
    const broker = await open(flavour, bundles);
    const listening = broker.run(listen(20_201));
    const { output } = await broker.run(reach(20_201));
    expect(output).toBe('UP\nECONNREFUSED\nECONNREFUSED\n');
    await broker.run('touch down-20201');
    await listening;
  });

  test('T30 egress: what an agent leaves in the background answers its own commands, and no check', async () => {
    const broker = await open(flavour, bundles);
    const input = { command: listen(20_202), background: true };
    expect(await broker.call('bash', input)).toMatchObject({ isError: false });
    const check = await broker.run(reach(20_202));
    expect(check.output).toBe('UP\nECONNREFUSED\nECONNREFUSED\n');
    const { content } = await broker.call('bash', { command: reach(20_202) });
    // Bubblewrap cannot put two commands into one network.
    const answer = flavour.choice === 'bubblewrap' ? 'ECONNREFUSED' : 'REACHED';
    expect(content).toContain(`UP\n${answer}\n${answer}`);
  });

  test('T38 broker dies: nothing of a command is left', async () => {
    const broker = await open(flavour, bundles);
    const name = `48${String(process.pid)}.${String(flavour.userId)}`;
    const running = broker.run(`setsid sleep ${name} & sleep ${name}`, 60_000).catch(() => null);
    const started = broker.call('bash', { command: `sleep ${name}`, background: true }).catch(() => null);
    // All of them at work; a box that is being made names its command, too.
    const working = (): number =>
      commandLines()
        .split('\n')
        .filter((line) => line === `sleep ${name}`).length;
    while (working() < 3) await sleep(50);
    await broker.kill();
    await Promise.all([running, started]);
    for (let tries = 0; tries < 100 && commandLines().includes(`sleep ${name}`); tries += 1) await sleep(20);
    expect(commandLines()).not.toContain(`sleep ${name}`);
  });

  test('T39 memory hog: it is ended, and told why', async () => {
    const broker = await open(flavour, bundles, { memoryBytes: 400 * 1024 * 1024 });
    const hog = `node -e 'const all = []; setInterval(() => all.push(Buffer.alloc(20e6, 1)), 20)'`;
    const { exitCode, output } = await broker.run(hog, 60_000);
    expect(exitCode).toBeNull();
    expect(output).toContain('killed: more than 400 MiB of memory');
  });
});

/** Only root can make a disk that is small enough to be filled. */
const withDisk = process.getuid?.() === 0 ? test : test.skip;
const mebibyte = 1024 * 1024;

describe.each(there.slice(0, 2))('in $name:', (flavour) => {
  withDisk('T39 disk fill: who fills it is ended and told why, and the broker goes on', async () => {
    const broker = await open(flavour, bundles, { diskBytes: 1_200 * mebibyte });
    const fill = 'for i in 1 2 3 4 5; do head -c 300000000 /dev/zero > fill-$i; sleep 0.3; done; echo FILLED';
    const { exitCode, output } = await broker.run(fill);
    expect(exitCode).toBeNull();
    expect(output).toContain('killed: it left less than 1024 MiB of the disk free');
    expect(output).not.toContain('FILLED');
    expect((await broker.run('rm -f fill-*; echo still here')).output).toBe('still here\n');
  });

  test('T39 disk fill: neither one file nor the memory that looks like a disk can grow without end', async () => {
    const broker = await open(flavour, bundles);
    const file = await broker.run('truncate -s 2G big && echo GREW; rm -f big');
    expect(file.output).not.toContain('GREW');
    const shared = await broker.run('head -c 600000000 /dev/zero > /dev/shm/big && echo GREW; rm -f /dev/shm/big');
    expect(shared.output).not.toContain('GREW');
  });
});

describe('mutation: without a sandbox', () => {
  let broker: SandboxedBroker;
  beforeAll(async () => {
    broker = await startBroker(noSandbox, bundles);
  });
  afterAll(() => broker.close());

  test('mutation: T21 and T23 find the environment and the memory of the broker', async () => {
    expect((await broker.run(whatLeaks)).output).toContain(brokerSecret);
    expect((await broker.run(scanMemory)).output).not.toContain('hits 0');
  });

  test('mutation: T30 reaches what another command listens on', async () => {
    const listening = broker.run(listen(20_203));
    expect((await broker.run(reach(20_203))).output).toContain('UP\nREACHED\nREACHED');
    await broker.run('touch down-20203');
    await listening;
  });

  test('mutation: T24 reads what lies beside the tree, and T30 reaches the machine', async () => {
    expect((await broker.run(readOutside(broker.directory))).output).toContain('REACHED');
    expect((await broker.run(`exec 3<>/dev/tcp/127.0.0.1/${port} && cat <&3`)).output).toContain('REACHED');
  });
});
