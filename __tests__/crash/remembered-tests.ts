// A machine on which the sample's tests take no time once they were run: the same command on the same files says what it
// said then. All runs of the crash test do the same work, and nine tenths of it would be running these tests.
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Runs the real program once for each command and state of the files. Where the folder cannot be used, each time. */
const script = (program: string, isTest: string, memory: string): string => `#!/bin/sh
${isTest} || exec ${program} "$@"
files() { tar --sort=name --mtime=@0 --owner=0 --group=0 --exclude=./.git -cf - . 2>/dev/null; }
known=$({ echo "$0 $*"; files; } | sha256sum)
known=${memory}/\${known%% *}
if [ ! -f "$known/code" ]; then
  mkdir "$known.$$" 2>/dev/null || exec ${program} "$@"
  ${program} "$@" >"$known.$$/out" 2>&1
  echo $? >"$known.$$/code"
  mv "$known.$$" "$known" 2>/dev/null || rm -r "$known.$$"
fi
cat "$known/out"
read -r code <"$known/code"
exit "$code"
`;

/** @returns the folder to put first on PATH */
export async function rememberTests(directory: string, programs: { readonly node: string; readonly npm: string }) {
  const [bin, memory] = [join(directory, 'bin'), join(directory, 'memory')];
  await mkdir(bin, { recursive: true });
  await mkdir(memory, { recursive: true });
  const write = async (name: string, text: string): Promise<void> => {
    await writeFile(join(bin, name), text);
    await chmod(join(bin, name), 0o755);
  };
  await write('node', script(programs.node, '[ "$1" = --test ]', memory));
  await write('npm', script(programs.npm, '[ "$1" = test ]', memory));
  return bin;
}
