// Commands as the toolhost has them: it starts none itself, but asks the broker for a box for each.
import type { CommandResult, CommandSpec } from '../ports.ts';
import type { Frame } from './frames.ts';
import type { Reply, Request } from './protocol.ts';

export interface RemoteCommands {
  run(spec: CommandSpec, signal?: AbortSignal): Promise<CommandResult>;
  /** Starts one that goes on beside others. `onOutput` gets what it prints; resolves with its exit code (null: killed). */
  start(command: string, onOutput: (chunk: Buffer) => void): Promise<number | null>;
  /** Takes the broker's word about a command; false when the frame is about something else. */
  take(request: Request, body: Frame['body']): boolean;
}

interface Started {
  readonly onOutput: (chunk: Buffer) => void;
  readonly resolve: (exitCode: number | null) => void;
}

/** @param send a frame to the broker */
export function createRemoteCommands(send: (reply: Reply) => void): RemoteCommands {
  const running = new Map<number, (result: CommandResult) => void>();
  const started = new Map<number, Started>();
  let lastId = 0;
  return {
    run: async ({ command, timeoutMs }, signal) => {
      const id = ++lastId;
      const kill = (): void => send({ kind: 'kill', id });
      const result = new Promise<CommandResult>((resolve) => running.set(id, resolve));
      send({ kind: 'run', id, command, timeoutMs });
      if (signal?.aborted === true) kill();
      signal?.addEventListener('abort', kill, { once: true });
      return result.finally(() => signal?.removeEventListener('abort', kill));
    },
    start: (command, onOutput) => {
      const id = ++lastId;
      const ended = new Promise<number | null>((resolve) => started.set(id, { onOutput, resolve }));
      send({ kind: 'start', id, command });
      return ended;
    },
    take: (request, body) => {
      if (request.kind === 'ran') {
        running.get(request.id)?.(request.result);
        running.delete(request.id);
      } else if (request.kind === 'output') started.get(request.id)?.onOutput(body);
      else if (request.kind === 'ended') {
        started.get(request.id)?.resolve(request.exitCode);
        started.delete(request.id);
      } else return false;
      return true;
    },
  };
}
