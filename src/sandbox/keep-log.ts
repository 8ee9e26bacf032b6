// The log of a command that runs for long: what it printed last, in a file that stays small enough to be read.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { stripEscapes } from './clean-output.ts';

/** `search` passes over files above 4 MiB; at half of that the older half goes. */
const maxBytes = 2 * 1024 * 1024;

export interface KeptLog {
  add(chunk: Buffer): void;
  /** Bytes of output so far. */
  seenBytes(): number;
}

/** Goes on with a log at a path. */
export function keepLog(path: string): KeptLog {
  const decoder = new StringDecoder('utf8');
  let seen = 0;
  let kept = 0;
  return {
    add: (chunk) => {
      seen += chunk.length;
      kept += chunk.length;
      appendFileSync(path, stripEscapes(decoder.write(chunk)));
      if (kept <= maxBytes) return;
      const last = readFileSync(path).subarray(-maxBytes / 2);
      writeFileSync(path, Buffer.concat([Buffer.from('[older output was dropped]\n'), last]));
      kept = maxBytes / 2;
    },
    seenBytes: () => seen,
  };
}
