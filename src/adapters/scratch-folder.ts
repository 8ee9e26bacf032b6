// A folder for what a process needs while it runs, and nobody after it.
import { mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes one for this process alone: what a killed one has left may still be written to by what it had started. That is
 * removed. @param name of the run
 */
export async function makeScratch(parent: string, name: string): Promise<string> {
  const prefix = `ai-implement-${name}-`;
  const left = readdirSync(parent).filter((one) => one.startsWith(prefix));
  for (const one of left) await rm(join(parent, one), { recursive: true, force: true }).catch(() => undefined);
  return mkdtempSync(join(parent, prefix));
}
