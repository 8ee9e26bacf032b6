// Keeps the first and the last part of a stream of bytes in bounded memory.

export interface KeptEnds {
  add(chunk: Buffer): void;
  /** Bytes seen so far, kept or not. */
  seenBytes(): number;
  /** What was kept, as UTF-8, with one line in place of what was not. */
  text(): string;
}

/** Keeps at most `maxBytes` of what is added: half from the beginning, half from the end. */
export function keepEnds(maxBytes: number): KeptEnds {
  const half = Math.floor((maxBytes - 100) / 2);
  const head: Buffer[] = [];
  const tail: Buffer[] = [];
  let headBytes = 0;
  let tailBytes = 0;
  let seen = 0;
  const addToTail = (chunk: Buffer): void => {
    tail.push(chunk);
    tailBytes += chunk.length;
    for (let first = tail[0]; first !== undefined && tailBytes - first.length >= half; first = tail[0]) {
      tailBytes -= first.length;
      tail.shift();
    }
  };
  return {
    add(chunk) {
      seen += chunk.length;
      const room = half - headBytes;
      if (room > 0) head.push(chunk.subarray(0, room));
      headBytes += Math.min(room, chunk.length);
      if (chunk.length > room) addToTail(chunk.subarray(room));
    },
    seenBytes: () => seen,
    text() {
      const start = Buffer.concat(head);
      const whole = Buffer.concat(tail);
      const left = seen - start.length - Math.min(whole.length, half);
      if (left === 0) return Buffer.concat([start, whole]).toString();
      const end = whole.subarray(Math.max(0, whole.length - half));
      return `${dropPartialEnd(start)}\n[... ${String(left)} bytes left out ...]\n${dropPartialStart(end)}`;
    },
  };
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

function dropPartialStart(bytes: Buffer): string {
  let start = 0;
  while (start < 4 && isContinuation(bytes[start])) start += 1;
  return bytes.subarray(start).toString();
}

function dropPartialEnd(bytes: Buffer): string {
  return new TextDecoder().decode(bytes, { stream: true });
}
