// Whether copies on a file system can share their blocks (btrfs, XFS, APFS): found out by making one.
import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

/** Never rejects. @param directory is made when it is not there */
export async function sharesBlocks(directory: string): Promise<boolean> {
  const [from, to] = [join(directory, 'block-probe'), join(directory, 'block-probe-copy')];
  const how = process.platform === 'darwin' ? ['-c'] : ['--reflink=always'];
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(from, 'one block');
    await promisify(execFile)('cp', [...how, '--', from, to]);
    return true;
  } catch {
    return false;
  } finally {
    await Promise.all([from, to].map((path) => rm(path, { force: true }).catch(() => undefined)));
  }
}
