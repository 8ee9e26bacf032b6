// A machine on which the sample's tests take no time once they were run: the same command on the same files says what it
// said then. All runs of the crash test do the same work, and nine tenths of it would be running these tests.
import { cpSync, existsSync, readdirSync, renameSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Below a tree's TMPDIR: the inside of a sandbox can write nowhere else, and what it can read is written from outside. */
const fresh = '.remembered';

/** Runs the real program once for each command and state of the files. */
const script = (program: string, isTest: string, memory: string): string => `#!/bin/sh
${isTest} || exec ${program} "$@"
files() { tar --sort=name --mtime=@0 --owner=0 --group=0 --exclude=./.git -cf - . 2>/dev/null; }
key=$({ echo "$0 $*"; files; } | sha256sum)
key=\${key%% *}
known=${memory}/$key
if [ ! -f "$known/code" ]; then
  known=\${TMPDIR:-/tmp}/${fresh}/$key
  mkdir -p "$known.$$" || exec ${program} "$@"
  ${program} "$@" >"$known.$$/out" 2>&1
  echo $? >"$known.$$/code"
  mv "$known.$$" "$known" 2>/dev/null || known=$known.$$
fi
cat "$known/out"
read -r code <"$known/code"
exit "$code"
`;

/**
 * @param directory must not lie below a folder for temporary files, of which a sandbox shows its own
 * @returns the folder to put first on PATH
 */
export async function rememberTests(directory: string, programs: { readonly node: string; readonly npm: string }) {
  const bin = join(directory, 'bin');
  await mkdir(bin, { recursive: true });
  await mkdir(memoryOf(bin), { recursive: true });
  const write = async (name: string, text: string): Promise<void> => {
    await writeFile(join(bin, name), text);
    await chmod(join(bin, name), 0o755);
  };
  await write('node', script(programs.node, '[ "$1" = --test ]', memoryOf(bin)));
  await write('npm', script(programs.npm, '[ "$1" = test ]', memoryOf(bin)));
  return bin;
}

/** Beside `bin`, as a sandbox shows that, too. */
const memoryOf = (bin: string): string => join(bin, '../share/memory');

/** Takes what the trees below a run's scratch folders have learnt. @param places where those folders are */
export function takeLearnt(bin: string, places: readonly string[]): void {
  const below = (path: string): readonly string[] => (existsSync(path) ? readdirSync(path) : []);
  for (const place of places)
    for (const scratch of below(place).filter((name) => name.startsWith('ai-implement-')))
      for (const tree of below(join(place, scratch, 'trees'))) {
        const learnt = join(place, scratch, 'trees', tree, 'tmp', fresh);
        for (const key of below(learnt).filter((name) => !name.includes('.'))) {
          const [to, part] = [join(memoryOf(bin), key), join(memoryOf(bin), `${key}.${process.pid}`)];
          if (existsSync(to)) continue;
          cpSync(join(learnt, key), part, { recursive: true });
          renameSync(part, to);
        }
      }
}
