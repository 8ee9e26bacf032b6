// What the journal costs: its own time of a turn, and going on with ten thousand events, each beside a plain append loop.
import { appendFileSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '../src/adapters/journal-file.ts';
import { systemClock } from '../src/adapters/system-clock.ts';
import type { RunEvent } from '../src/events.ts';
import { noUsage } from '../src/money/usage.ts';
import { createSink } from '../src/publish/sink.ts';
import { readEarlierRun } from '../src/record/earlier-run.ts';
import { rounded } from './statistics.ts';

export interface JournalFigures {
  readonly journalMsPerTurn: number;
  /** To appending the same lines and nothing else. */
  readonly journalRatio: number;
  readonly resumeTenThousandMs: number;
  /** To reading the same file and parsing each line. */
  readonly resumeRatio: number;
}

const EVENTS = 10_000;
/** Events of one turn below. */
const PER_TURN = 4;
/** Characters of a tool's answer: about a page of output. */
const ANSWER = 'a line of some output of a command, as long as most\n'.repeat(60);

function turnEvents(turn: number): readonly RunEvent[] {
  const named = { agent: 'TASK-001', role: 'r', turn, requestHash: `hash-${turn}` };
  const money = { reservedNanoUsd: 1, reservedTokens: 1, maxTokens: 1 };
  const input = { command: 'npm test' };
  const content = [{ type: 'tool_use' as const, id: `t-${turn}`, name: 'bash', input }];
  const parts = [1, 2].map((i) => ({ name: `message ${2 * turn + i}`, digest: '0123456789abcdef' }));
  const told = { agent: 'TASK-001', turn, call: turn, toolUseId: `t-${turn}`, tool: 'bash', input };
  return [
    { type: 'model.asked', ...named, attempt: 1, ...money, parts },
    { type: 'model.replied', ...named, model: 'm', stopReason: 'tool_use', content, usage: noUsage, durationMs: 1 },
    { type: 'tool.started', agent: 'TASK-001', call: turn, tool: 'bash' },
    { type: 'tool.ended', ...told, content: ANSWER, isError: false, durationMs: 1 },
  ];
}

export function measureJournal(): JournalFigures {
  const directory = mkdtempSync(join(tmpdir(), 'bench-journal-'));
  try {
    const path = join(directory, 'journal.jsonl');
    const { plain: redact } = createSink({ secrets: ['sk-0123456789abcdef0123456789'] });
    const options = { path, runId: 'bench', clock: systemClock, redact };
    const turns = EVENTS / PER_TURN;
    const events = Array.from({ length: turns }, (_, i) => turnEvents(i + 1)).flat();
    const journal = openJournal(options);
    const written = timed(() => events.forEach((event) => journal.emit(event)));
    journal.close();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const plainly = timed(() => appendAll(join(directory, 'plain.jsonl'), lines));
    const resumed = timed(() => {
      const again = openJournal(options);
      readEarlierRun(again.earlier);
      events.forEach((event) => again.emit(event));
      again.close();
    });
    if (statSync(path).size !== lines.join('\n').length + 1) throw new Error('going on wrote what was there');
    const parsed = timed(() =>
      readFileSync(path, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    );
    return {
      journalMsPerTurn: rounded(written / turns),
      journalRatio: rounded(written / plainly),
      resumeTenThousandMs: rounded(resumed),
      resumeRatio: rounded(resumed / parsed),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function appendAll(path: string, lines: readonly string[]): void {
  const descriptor = openSync(path, 'a');
  for (const line of lines) appendFileSync(descriptor, `${line}\n`);
  closeSync(descriptor);
}

function timed(act: () => unknown): number {
  const startedAt = performance.now();
  act();
  return performance.now() - startedAt;
}
