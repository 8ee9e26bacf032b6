// Answers the broker's requests for one tree.
import { setMaxListeners } from 'node:events';
import type { ToolResult } from '../ports.ts';
import { adoptTree } from './adopt-tree.ts';
import { copyProduced } from './copy-produced.ts';
import type { Frame } from './frames.ts';
import { UnsafeTree } from './materialise.ts';
import { requestSchema, type Reply, type Request } from './protocol.ts';
import type { RemoteCommands } from './remote-commands.ts';
import { createLayerSession } from './layer-session.ts';
import { createResetSession } from './reset-session.ts';
import { takeSnapshot } from './snapshot.ts';
import { refreshIndex } from './throwaway-repository.ts';
import { createTreeState } from './tree-state.ts';
import { walkTree } from './walk-tree.ts';

export interface TreeServerOptions {
  /** Real path of the tree. */
  readonly root: string;
  /** Its upper layer, where it is an overlay. */
  readonly upper: string;
  readonly send: (reply: Reply, body?: Uint8Array) => void;
  readonly callTool: (request: Extract<Request, { kind: 'call' }>, signal: AbortSignal) => Promise<ToolResult>;
  /** Is told what the broker says of commands. */
  readonly commands: Pick<RemoteCommands, 'take'>;
  /** The model's conversation was shortened, or is a new one. */
  readonly forget: () => void;
}

export interface TreeServer {
  /** Answers in its own time; a request that fails is answered too. Throws for a frame that is no request. */
  take(frame: Frame): void;
  /** Aborts what runs, and ends when it has. */
  close(): Promise<void>;
}

type Answer = (request: Request, body: Buffer, signal: AbortSignal) => Promise<unknown>;

/** What each request means. Requests are begun in the order in which they come. */
function createAnswer(options: TreeServerOptions): Answer {
  const { root, send } = options;
  const state = createTreeState(root);
  const session = createResetSession(state);
  const layer = createLayerSession(root, options.upper);
  const changes = (request: Extract<Request, { kind: 'changes' }>): unknown => {
    const { contents, ...reading } = layer.changes(request);
    for (const { path, mode, bytes } of contents) send({ kind: 'file', id: request.id, path, mode }, bytes);
    return reading;
  };
  const save = (id: number): unknown => {
    const { changed, deleted, refused } = takeSnapshot(state);
    for (const { path, mode, bytes } of changed) send({ kind: 'file', id, path, mode }, bytes);
    return { deleted, refused };
  };
  return async (request, body, signal) => {
    switch (request.kind) {
      case 'reset':
        return session.begin(request);
      case 'blobs':
        session.feed(request, body);
        return {};
      case 'settle':
        await session.settle();
        return {};
      case 'save':
        return save(request.id);
      case 'layer':
        return session.take(layer.begin(request));
      case 'changes':
        return changes(request);
      case 'refresh':
        await refreshIndex(root);
        return {};
      case 'produced':
        return { paths: walkTree(state).ignored };
      case 'copy':
        await copyProduced(request.from, root, request.paths, request.how);
        return {};
      case 'adopt':
        await adoptTree(state, request);
        return {};
      case 'call':
        return options.callTool(request, signal);
      case 'forget':
        options.forget();
        return {};
      default:
        throw new Error(`${request.kind} has no answer`);
    }
  };
}

export function createTreeServer(options: TreeServerOptions): TreeServer {
  const answer = createAnswer(options);
  const running = new Map<number, { readonly abort: AbortController; readonly ended: Promise<void> }>();

  const serve = async (request: Request, body: Buffer, signal: AbortSignal): Promise<void> => {
    const { id } = request;
    try {
      options.send({ kind: 'done', id, value: await answer(request, body, signal) });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      options.send({ kind: 'failed', id, message, unsafe: error instanceof UnsafeTree });
    } finally {
      running.delete(id);
    }
  };

  return {
    take: ({ header, body }) => {
      const request = requestSchema.parse(header);
      if (options.commands.take(request, body)) return;
      if (request.kind === 'abort') {
        running.get(request.id)?.abort.abort();
        return;
      }
      const abort = new AbortController();
      // What is called may listen in several places; that is no leak.
      setMaxListeners(0, abort.signal);
      running.set(request.id, { abort, ended: serve(request, body, abort.signal) });
    },
    close: async () => {
      const all = [...running.values()];
      for (const one of all) one.abort.abort();
      await Promise.allSettled(all.map((one) => one.ended));
    },
  };
}
