// The repository brief: the facts every agent would otherwise spend its first turns on. All from the base commit.
import * as z from 'zod';
import type { Git, TreeEntry } from '../ports.ts';
import type { Issue } from '../types.ts';
import { issueWords } from './issue-words.ts';
import { drawTree } from './draw-tree.ts';

export interface BriefInput {
  readonly commit: string;
  readonly issue: Issue;
  /** Instruction and context files of the base commit that go to the agents, in order. */
  readonly contextPaths: readonly string[];
  readonly checks: readonly { readonly name: string; readonly command: string }[];
  readonly setupCommand: string | null;
  /** Paths of the repository that nobody here may change. */
  readonly protectedFound: readonly string[];
  /** Facts of the machine, one a line (node v20.20.2, linux, ...). */
  readonly environment: readonly string[];
}

/** Characters of one context file, and of all together, that reach the agents. */
const CONTEXT_FILE_CHARS = 12_000;
const CONTEXT_CHARS = 30_000;
/** Files named as likely places. More cost tokens in every turn of every agent. */
const LIKELY_FILES = 25;

/** Text of the brief: machine, commands, tree, likely places, instruction files. Deterministic for a commit. */
export async function buildBrief(input: BriefInput, git: Git): Promise<string> {
  const [entries, scripts, places, context] = await Promise.all([
    git.listFiles(input.commit),
    packageScripts(input.commit, git),
    likelyPlaces(input, git),
    contextFiles(input, git),
  ]);
  return [
    '# The repository',
    environmentText(input),
    ...(scripts === '' ? [] : [`## Scripts of package.json\n${scripts}`]),
    `## Files (${entries.length})\n${drawTree(paths(entries))}`,
    ...(places === '' ? [] : [`## Where words of the request occur (matching lines)\n${places}`]),
    ...context,
  ].join('\n\n');
}

function environmentText({ environment, checks, setupCommand, protectedFound }: BriefInput): string {
  const commands = checks.map((check) => `- ${check.name}: \`${check.command}\``);
  return [
    ...environment.map((fact) => `- ${fact}`),
    setupCommand === null ? '- no dependencies to install' : `- dependencies are installed by: \`${setupCommand}\``,
    ...(protectedFound.length === 0
      ? []
      : [`- protected, changed by people only (propose changes in words): ${protectedFound.join(', ')}`]),
    checks.length === 0 ? '- no checks were found: the project has no test command' : 'Checks that judge the result:',
    ...commands,
  ].join('\n');
}

/** Scripts and characters of each that are shown: enough to tell which to run, and what a check is made of. */
const SCRIPTS = 20;
const SCRIPT_CHARS = 120;
const manifest = z.object({ scripts: z.record(z.string(), z.string()) });

async function packageScripts(commit: string, git: Git): Promise<string> {
  const parsed = manifest.safeParse(parseJson((await git.readFile(commit, 'package.json')) ?? ''));
  if (!parsed.success) return '';
  const scripts = Object.entries(parsed.data.scripts).slice(0, SCRIPTS);
  return scripts.map(([name, command]) => `- ${name}: ${command.slice(0, SCRIPT_CHARS)}`).join('\n');
}

/** Undefined for what is not JSON: a broken manifest is the project's affair, and no reason to stop. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function likelyPlaces({ commit, issue }: BriefInput, git: Git): Promise<string> {
  const words = issueWords(issue);
  if (words.length === 0) return '';
  const hits = await git.grep(commit, words);
  const inPath = (path: string) => words.filter((word) => path.toLowerCase().includes(word.toLowerCase())).length;
  return [...hits]
    .filter(({ path }) => !/(^|\/)[^/]*([-.]lock|lock\.(json|ya?ml))$/.test(path))
    .sort((a, b) => inPath(b.path) - inPath(a.path) || b.lines - a.lines || (a.path < b.path ? -1 : 1))
    .slice(0, LIKELY_FILES)
    .map((hit) => `${hit.path} (${hit.lines})`)
    .join('\n');
}

async function contextFiles({ commit, contextPaths }: BriefInput, git: Git): Promise<string[]> {
  let left = CONTEXT_CHARS;
  const texts: string[] = [];
  for (const path of contextPaths) {
    const content = await git.readFile(commit, path);
    if (content === null || content.trim() === '' || left <= 0) continue;
    const cut = content.slice(0, Math.min(CONTEXT_FILE_CHARS, left));
    left -= cut.length;
    texts.push(`## ${path}\n${cut}${cut.length < content.length ? '\n[cut here; read the file for the rest]' : ''}`);
  }
  return texts;
}

const paths = (entries: readonly TreeEntry[]): string[] => entries.map((entry) => entry.path);
