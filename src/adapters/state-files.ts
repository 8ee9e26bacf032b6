// `.ai-agents/state/team-communication.json` in the user's project: one writer, us; people and agents read it.
import { join } from 'node:path';
import type { RunState } from '../journal/run-state.ts';
import { teamCommunication } from '../journal/team-communication.ts';
import { makeIgnoredFolder, writeTextFile } from './text-files.ts';

/** Writes the state of now. */
export function writeStateFiles(projectDir: string, state: RunState, clean: (text: string) => string): void {
  const folder = join(projectDir, '.ai-agents', 'state');
  makeIgnoredFolder(folder);
  writeTextFile(
    join(folder, 'team-communication.json'),
    clean(`${JSON.stringify(teamCommunication(state), null, 2)}\n`),
  );
}
