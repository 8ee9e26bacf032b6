// Speaks the frame protocol with one tree's toolhost.
import type { z } from 'zod/mini';
import { RunError } from '../errors.ts';
import { createFrameDecoder, encodeFrame, type Frame } from '../sandbox/frames.ts';
import { replySchema, type Request } from '../sandbox/protocol.ts';
import { startToolhostProcess, type ToolhostOptions } from './toolhost-process.ts';

export interface ReceivedFile {
  readonly path: string;
  readonly mode: string;
  readonly bytes: Buffer;
}

/** A request as its sender writes it: the client numbers it. */
type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

export interface RequestOptions {
  readonly body?: readonly Uint8Array[];
  readonly signal?: AbortSignal | undefined;
  readonly onFile?: (file: ReceivedFile) => void;
}

export interface ToolhostClient {
  /**
   * Sends a request and checks its answer. Rejects with RunError `repository-unsafe` when the commit cannot be written
   * out, with a plain Error when the toolhost failed or ended. An abort is passed on; the answer still comes.
   */
  request<T>(request: Unnumbered<Request>, answer: z.ZodMiniType<T>, options?: RequestOptions): Promise<T>;
  /** Ends the process and all it started; what still waits for an answer rejects. */
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onFile: ((file: ReceivedFile) => void) | undefined;
}

/** Answers that are still to come, by the number of their request. */
function createMailbox(name: string): {
  readonly waiting: Map<number, Waiting>;
  take(frame: Frame): void;
  rejectAll(error: Error): void;
} {
  const waiting = new Map<number, Waiting>();
  return {
    waiting,
    take: ({ header, body }) => {
      const reply = replySchema.parse(header);
      const one = waiting.get(reply.id);
      if (reply.kind === 'file') {
        one?.onFile?.({ path: reply.path, mode: reply.mode, bytes: body });
        return;
      }
      waiting.delete(reply.id);
      if (reply.kind === 'done') one?.resolve(reply.value);
      else if (reply.unsafe) one?.reject(new RunError('repository-unsafe', { detail: reply.message }));
      else one?.reject(new Error(`${name}: ${reply.message}`));
    },
    rejectAll: (error) => {
      for (const one of waiting.values()) one.reject(error);
      waiting.clear();
    },
  };
}

/** Starts a toolhost. Requests may be sent at once; they wait until it is up. */
export function startToolhost(options: ToolhostOptions): ToolhostClient {
  const host = startToolhostProcess(options);
  const { stdin, stdout } = host.child;
  const mailbox = createMailbox(options.name);
  let lastId = 0;
  let gone: Error | null = null;
  const fail = (how: string): void => {
    gone ??= new Error(`the tool process of ${options.name} ended: ${how}`);
    mailbox.rejectAll(gone);
  };
  void host.ended.then(fail);
  const decode = createFrameDecoder(mailbox.take);
  stdout.on('data', (chunk: Buffer) => {
    try {
      decode(chunk);
    } catch (error) {
      // Whoever breaks the protocol is not spoken to any more.
      fail(`it broke the protocol (${error instanceof Error ? error.message : String(error)})`);
      host.kill();
    }
  });

  const request: ToolhostClient['request'] = async (message, answer, { body, signal, onFile } = {}) => {
    if (gone !== null) throw gone;
    const id = ++lastId;
    const abort = (): void => void stdin.write(encodeFrame({ kind: 'abort', id }));
    const value = new Promise<unknown>((resolve, reject) => mailbox.waiting.set(id, { resolve, reject, onFile }));
    stdin.write(encodeFrame({ ...message, id }, body));
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return answer.parse(await value);
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  };
  return { request, close: host.close };
}
