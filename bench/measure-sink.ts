// What the way out costs: a megabyte of text through the sink, ordinary and hostile.
import { createSink } from '../src/publish/sink.ts';
import { median, rounded } from './statistics.ts';

export interface SinkFigures {
  /** Milliseconds for a megabyte of ordinary output through the slowest of the sink's ways. */
  readonly sinkMsPerMegabyte: number;
  /** The same for the worst of the texts that are made to keep filters busy. */
  readonly hostileSinkMsPerMegabyte: number;
}

const RUNS = 7;
const KEY = 'sk-ant-api03-TESTkeyA1b2C3d4E5f6G7h8I9j0K1l2M3n4P5q6R7s8T9u0';

const ordinary = [
  '  ✓ reads a configuration of several files (12 ms)\n    at Object.<anonymous> (src/config/load-config.ts:41:17)\n',
  'const user = await fetchUser(id, { retries: 3, timeoutMs: 1000 }); // see https://docs.example/users?id=12\n',
];

/** Beginnings of what filters look for, over and over; and the secret itself. */
const hostile = [
  'eyJ',
  'eyJaaaaaaaaaaaa.',
  'a://b:c@',
  '-----BEGIN PRIVATE KEY-----\n',
  'ghs_1_',
  'sk-ant-api03-',
  '\r',
].concat(['<!--', '[[', '](', '```\n', '|a', '::', '%0a', '\u001b]', KEY.slice(13, 22), KEY.slice(13, 23), KEY]);

const megabyte = (piece: string): string => piece.repeat(Math.ceil(1_000_000 / piece.length));

/**
 * The median of several runs of each text through each way; the slowest stands. Time of the processor, which is that of
 * the clock on a machine that does nothing else.
 */
export function measureSink(): SinkFigures {
  const { log, markdown, plain } = createSink({ secrets: [KEY], allowedLinks: ['https://git.example/octo/shop'] });
  const slowest = (pieces: readonly string[]): number =>
    Math.max(...pieces.flatMap((piece) => [log, markdown, plain].map((way) => medianMs(way, megabyte(piece)))));
  return {
    sinkMsPerMegabyte: rounded(slowest(ordinary)),
    hostileSinkMsPerMegabyte: rounded(slowest(hostile)),
  };
}

function medianMs(way: (text: string) => string, text: string): number {
  const times = Array.from({ length: RUNS }, () => {
    const before = process.cpuUsage();
    way(text);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return median(times);
}
