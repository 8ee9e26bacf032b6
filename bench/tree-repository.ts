// A generated repository of any size, for the benchmark of trees: 11 KB of words a file, as sources have, in folders of forty.
import { spawn } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';

/** 20,000 of them are 221 MB. */
export const bytesPerFile = 11_050;
const filesPerFolder = 40;
const foldersPerPart = 25;

/** Path of file `i`: neighbours lie in one folder. */
export const pathOf = (i: number): string => {
  const folder = Math.floor(i / filesPerFolder);
  return `src/part-${Math.floor(folder / foldersPerPart)}/group-${folder % foldersPerPart}/file-${i}.ts`;
};

/** Words that differ from file to file, so that nothing compresses better than sources do. */
function textOf(i: number): string {
  let state = i + 1;
  const words: string[] = [];
  for (let length = 0; length < bytesPerFile;) {
    state = (state * 48_271) % 2_147_483_647;
    const word = state.toString(36);
    words.push(word, words.length % 12 === 0 ? '\n' : ' ');
    length += word.length + 1;
  }
  return `${words.join('').slice(0, bytesPerFile - 1)}\n`;
}

/** Makes a repository without a checkout, of one commit. @returns the commit */
export async function makeTreeRepository(directory: string, files: number): Promise<string> {
  mkdirSync(directory, { recursive: true });
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', directory]);
  const importing = spawn('git', ['-C', directory, 'fast-import', '--quiet', '--depth=0'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const say = async (text: string): Promise<void> => {
    if (!importing.stdin.write(text)) await once(importing.stdin, 'drain');
  };
  await say('commit refs/heads/main\ncommitter bench <bench@localhost> 1795341600 +0000\ndata 5\nbase\n');
  await say('M 100644 inline .gitignore\ndata 14\nnode_modules/\n\n');
  for (let i = 0; i < files; i++) await say(`M 100644 inline ${pathOf(i)}\ndata ${bytesPerFile}\n${textOf(i)}\n`);
  importing.stdin.end('done\n');
  const [code] = await once(importing, 'close');
  if (code !== 0) throw new Error(`git fast-import ended with ${String(code)}`);
  return execFileSync('git', ['-C', directory, 'rev-parse', 'main']).toString().trim();
}
