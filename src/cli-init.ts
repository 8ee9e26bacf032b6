// `ai-implement init`: writes the files of a new set-up into a directory.
import { constants } from 'node:fs';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { initFiles, initMessage, planInit, type SetUp } from './init/init-files.ts';

export interface InitOptions extends SetUp {
  /** Root of the repository; made when it is not there. */
  readonly directory: string;
  /** Overwrite files that are there. */
  readonly force: boolean;
}

const otherPlaces = ['.ai-agents/orchestrator-config.json'];

/** Writes what is missing (all, with `force`) and returns what to print. @throws the file system's errors as they are. */
export async function runInit({ directory, force, ...setUp }: InitOptions): Promise<string> {
  const files = initFiles(setUp);
  const present = new Set<string>();
  for (const path of [...files.map((file) => file.path), ...otherPlaces]) {
    if (await exists(join(directory, path))) present.add(path);
  }
  const plan = planInit(files, present, force);
  for (const { path, content } of plan.write) {
    const target = join(directory, path);
    await mkdir(dirname(target), { recursive: true });
    // Without `force` a file that appears meanwhile is not overwritten either.
    await writeFile(target, content, { flag: force ? 'w' : 'wx' });
  }
  return initMessage(plan);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path, constants.F_OK);
    return true;
  } catch {
    return false;
  }
}
