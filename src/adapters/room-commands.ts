// Commands in a tree's room, each in a box of its own: those that the toolhost asks for, and those of the run itself.
import type { CommandResult, CommandSpec } from '../ports.ts';
import type { Box, Room } from '../sandbox/box/sandbox.ts';
import type { RoomNetwork } from '../sandbox/network-argv.ts';
import { openOutputPipe } from '../sandbox/output-pipe.ts';
import { runCommand, startBox, type CommandContext } from '../sandbox/run-command.ts';
import { exitOf, floodBytes } from '../sandbox/shell.ts';

export interface BackgroundEvents {
  readonly onOutput: (chunk: Buffer) => void;
  /** Null where it was killed. */
  readonly onEnded: (exitCode: number | null) => void;
}

export interface RoomCommands {
  /** Alone in a network of its own, as a check has to be: nothing that an agent left running answers it. */
  run(spec: CommandSpec, signal?: AbortSignal): Promise<CommandResult>;
  /** The same for an agent, whose commands reach what runs in the background while something does. */
  runBeside(spec: CommandSpec, signal?: AbortSignal): Promise<CommandResult>;
  /** Starts one that goes on until it ends, is killed by `signal`, or the room is closed. Never rejects. */
  start(command: string, signal: AbortSignal, events: BackgroundEvents): Promise<void>;
  /** Ends all. */
  close(): Promise<void>;
}

export interface RoomCommandsContext extends Pick<CommandContext, 'env' | 'limits'> {
  /** What the room shows of the network; null: nothing. */
  readonly network: RoomNetwork | null;
}

export function createRoomCommands(room: Room, { network, ...context }: RoomCommandsContext): RoomCommands {
  let count = 0;
  const nextNetwork = () => (network === null ? null : { room: network, number: count++ });
  const closing = new AbortController();
  const boxes = new Set<Box>();
  const running = new Set<Promise<unknown>>();
  const track = <T>(work: Promise<T>): Promise<T> => {
    running.add(work);
    const over = (): boolean => running.delete(work);
    work.then(over, over);
    return work;
  };

  const background = async (command: string, signal: AbortSignal, events: BackgroundEvents): Promise<void> => {
    const pipe = await openOutputPipe();
    const reached = { network: nextNetwork(), sharesNetwork: true };
    const box = startBox(command, null, pipe, { room, env: context.env, ...reached });
    boxes.add(box);
    let seenBytes = 0;
    const end = (): void => void box.end();
    pipe.reader.on('data', (chunk: Buffer) => {
      seenBytes += chunk.length;
      events.onOutput(chunk);
      if (seenBytes <= floodBytes) return;
      pipe.reader.destroy();
      events.onOutput(Buffer.from(`\n[killed: more than ${String(floodBytes / 1024 / 1024)} MiB of output]\n`));
      end();
    });
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    const exitCode = await exitOf(box.child).catch(() => null);
    signal.removeEventListener('abort', end);
    await box.end();
    boxes.delete(box);
    events.onEnded(signal.aborted ? null : exitCode);
  };

  const run = (spec: CommandSpec, signal: AbortSignal | undefined, sharesNetwork: boolean): Promise<CommandResult> => {
    const both = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
    return track(runCommand(spec, { ...context, room, network: nextNetwork(), sharesNetwork, signal: both }));
  };

  return {
    run: (spec, signal) => run(spec, signal, false),
    runBeside: (spec, signal) => run(spec, signal, boxes.size > 0),
    start: (command, signal, events) =>
      track(background(command, AbortSignal.any([signal, closing.signal]), events)).catch(() => events.onEnded(null)),
    close: async () => {
      closing.abort();
      await Promise.allSettled([...running]);
    },
  };
}
