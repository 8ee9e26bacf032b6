// A machine whose own programs are not what they should be: some are missing, others are replaced. It is this one, seen by one
// process through a mount namespace of its own, so that nobody else notices.
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

/** What every backend is made with. */
export const sandboxPrograms = ['unshare', 'nsenter', 'setpriv', 'pivot_root', 'bwrap', 'sudo', 'docker'] as const;

export interface Crippled {
  /** An empty directory for the programs that stand in. */
  readonly directory: string;
  readonly missing: readonly string[];
  /** Texts of scripts, by the name of the program they stand in for; `$REAL` in one is the path of what it replaces. */
  readonly replaced?: Readonly<Record<string, string>>;
}

/** Puts pairs of files over one another until `--`, then becomes the rest. What cannot be executed counts as missing.
 * For bash: dash drops variables whose names have a hyphen, as inputs of an action do. */
const cover = `while [ "$1" != -- ]; do
  for folder in /usr/bin /bin /usr/sbin /sbin; do
    if [ -e "$folder/$1" ]; then mount --bind "$2" "$folder/$1"; fi
  done
  shift 2
done
shift
exec "$@"`;

/** Gives an ordinary user their own number back, so that the program does not take itself for root. */
const backTo = (unshare: string): readonly string[] => [
  ...[
    unshare,
    '--user',
    `--map-user=${String(process.getuid?.() ?? 0)}`,
    `--map-group=${String(process.getgid?.() ?? 0)}`,
  ],
];

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** @returns a program that is called as node is, and runs it on that machine */
export async function cripple({ directory, missing, replaced = {} }: Crippled): Promise<string> {
  await mkdir(join(directory, 'real'), { recursive: true });
  const stubs = Object.entries(replaced).map(async ([name, text]) => {
    const [stub, real] = [join(directory, name), join(directory, 'real', name)];
    await copyFile(join('/usr/bin', name), real);
    await writeFile(stub, text.replaceAll('$REAL', real), { mode: 0o755 });
    return [name, stub];
  });
  const pairs = [...missing.map((name) => [name, '/dev/null']), ...(await Promise.all(stubs))].flat();
  const isRoot = process.getuid?.() === 0;
  const own = isRoot ? [] : ['--user', '--map-root-user'];
  const unshare = join(directory, 'real', 'unshare-as-it-is');
  await copyFile('/usr/bin/unshare', unshare);
  const argv = [
    'unshare',
    ...own,
    '--mount',
    '--propagation',
    'private',
    'bash',
    '-c',
    cover,
    'cover',
    ...pairs,
    '--',
    ...(isRoot ? [] : backTo(unshare)),
  ];
  const node = join(directory, 'node-on-it');
  const text = `#!/bin/bash\nexec ${[...argv, process.execPath].map(quote).join(' ')} "$@"\n`;
  await writeFile(node, text, { mode: 0o755 });
  return node;
}
