// What agents are told of the machine, so that they need not ask.
import { arch, cpus, platform, release } from 'node:os';

/** One fact a line; the same for all agents of a run. */
export function machineFacts(): readonly string[] {
  return [
    `${platform()} ${release().split('-', 1)[0] ?? ''} ${arch()}, ${cpus().length} cores`,
    `node ${process.version}`,
  ];
}
