// Speaks the frame protocol with one tree's toolhost.
import type { z } from 'zod/mini';
import { RunError } from '../errors.ts';
import { createFrameDecoder, encodeFrame, type Frame } from '../sandbox/frames.ts';
import type { CommandResult } from '../ports.ts';
import { replySchema, type Reply, type Request } from '../sandbox/protocol.ts';
import type { RoomCommands } from './room-commands.ts';
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
function createMailbox(
  name: string,
  onCommand: (frame: CommandFrame) => void,
): {
  readonly waiting: Map<number, Waiting>;
  take(frame: Frame): void;
  rejectAll(error: Error): void;
} {
  const waiting = new Map<number, Waiting>();
  return {
    waiting,
    take: ({ header, body }) => {
      const reply = replySchema.parse(header);
      if (reply.kind === 'run' || reply.kind === 'start' || reply.kind === 'kill') {
        onCommand(reply);
        return;
      }
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

/** A frame from the toolhost that asks for a command. */
type CommandFrame = Extract<Reply, { kind: 'run' | 'start' | 'kill' }>;

/** Runs what the toolhost asks for, and sends it what comes of it. */
function createCommandServer(commands: RoomCommands, send: (message: Request, body?: Uint8Array) => void) {
  const running = new Map<number, AbortController>();
  const serve = async (frame: Exclude<CommandFrame, { kind: 'kill' }>, signal: AbortSignal): Promise<void> => {
    const { id, command } = frame;
    if (frame.kind === 'start') {
      await commands.start(command, signal, {
        onOutput: (chunk) => send({ kind: 'output', id }, chunk),
        onEnded: (exitCode) => send({ kind: 'ended', id, exitCode }),
      });
      return;
    }
    const result = await commands.runBeside({ command, timeoutMs: frame.timeoutMs }, signal).catch(notStarted);
    send({ kind: 'ran', id, result });
  };
  return (frame: CommandFrame): void => {
    if (frame.kind === 'kill') {
      running.get(frame.id)?.abort();
      return;
    }
    const abort = new AbortController();
    running.set(frame.id, abort);
    void serve(frame, abort.signal).finally(() => running.delete(frame.id));
  };
}

/** A command that the system does not take (too long, no process to be had) has done nothing. */
const notStarted = (error: unknown): CommandResult => ({
  exitCode: 126,
  timedOut: false,
  durationMs: 0,
  output: `The command could not be started: ${error instanceof Error ? error.message : String(error)}`,
});

/** A toolhost that is started by the first request: a tree that only runs a command needs none. */
export function lazyToolhost(options: Parameters<typeof startToolhost>[0]): ToolhostClient {
  let started: ToolhostClient | null = null;
  let closed = false;
  return {
    request: async (...given) => {
      if (closed) throw new Error(`the tool process of ${options.name} ended: the tree is closed`);
      return (started ??= startToolhost(options)).request(...given);
    },
    close: async () => {
      closed = true;
      await started?.close();
    },
  };
}

/** Starts a toolhost. Requests may be sent at once; they wait until it is up. `commands` runs what its tools ask for. */
export function startToolhost(options: ToolhostOptions & { readonly commands: RoomCommands }): ToolhostClient {
  const host = startToolhostProcess(options);
  const { stdin, stdout } = host;
  const command = createCommandServer(
    options.commands,
    (message, body) => void stdin.write(encodeFrame(message, body === undefined ? [] : [body])),
  );
  const mailbox = createMailbox(options.name, command);
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
