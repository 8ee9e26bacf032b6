// Loaded into the process of a run before its own code (`node --require`): ends it by SIGKILL at one event of its journal.
// From outside, a kill comes some lines late; from here it comes between two bytes.
import fs from 'node:fs';
import { killDescendants } from '../../testbed/runner/process-tree.ts';
import { killPointName, memoryName, type KillPoint } from './kill-point.ts';
import { takeLearnt } from './remembered-tests.ts';
import { kindOf } from './event-kind.ts';

const given = process.env[killPointName];
const append = fs.appendFileSync;
const kill = (): void => void process.kill(process.pid, 'SIGKILL');

function killAll(): void {
  killDescendants(process.pid);
  kill();
}

function arm({ when, kind, nth, all, signal }: KillPoint): void {
  const end = all ? killAll : kill;
  let seen = 0;
  Object.assign(fs, {
    appendFileSync: (to: number, data: Buffer): void => {
      const line = data.toString();
      const found = typeof to === 'number' && kindOf(line);
      if (found === signal?.at && signal !== undefined) process.kill(process.pid, signal.name);
      if (found !== kind || ++seen !== nth) return append(to, data);
      if (when === 'within') append(to, data.subarray(0, data.length / 2));
      if (when === 'after') append(to, data);
      end();
    },
  });
}

/** What the tests of the sample said is kept as long as it can be reached from here. */
function learn(): void {
  const places = [process.env['TMPDIR'] ?? '', process.env['RUNNER_TEMP'] ?? ''].filter(Boolean);
  Object.assign(fs, {
    appendFileSync: (to: number, data: Buffer): void => {
      append(to, data);
      const kind = typeof to === 'number' ? kindOf(data.toString()) : null;
      if (kind === 'tool.ended' || kind === 'check.ended') takeLearnt(process.env[memoryName] ?? '', places);
    },
  });
}

if (given !== undefined) arm(JSON.parse(given));
else if (process.env[memoryName] !== undefined) learn();
