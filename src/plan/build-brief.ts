// The repository brief: the facts every agent would otherwise spend its first turns on. All from commits, none from a tree.
import * as z from 'zod/mini';
import { fence, pathWords } from '../agent/fence.ts';
import type { Git, TreeEntry } from '../ports.ts';
import type { Check, Issue } from '../types.ts';
import { checksText } from './checks-text.ts';
import { drawTree } from './draw-tree.ts';
import { mapRequest } from './map/map-request.ts';
import { singleTestCommands } from './single-test.ts';

export interface BriefInput {
  readonly commit: string;
  readonly issue: Issue;
  /** Instruction and context files that go to the agents, in order, and the commit that has them. */
  readonly contextPaths: readonly string[];
  readonly instructionsFrom: string;
  readonly checks: readonly { readonly name: string; readonly command: string }[];
  /** The checks as they ended on the base commit; null: they still run, and the brief says so. */
  readonly baseline: readonly Check[] | null;
  readonly setupCommand: string | null;
  /** How that failed, in words; null where it did not. */
  readonly setupFault?: string | null;
  /** Paths of the repository that nobody here may change. */
  readonly protectedFound: readonly string[];
  /** Facts of the machine, one a line (node v20.20.2, linux, ...). */
  readonly environment: readonly string[];
  /** Marks what the repository's files say. */
  readonly nonce: string;
}

/** Characters of one context file, and of all together, that reach the agents. */
const CONTEXT_FILE_CHARS = 12_000;
const CONTEXT_CHARS = 30_000;

function setupText(command: string | null, fault: string | null): string {
  if (command === null) return '- no dependencies to install';
  if (fault === null) return `- dependencies are installed already, by: \`${command}\``;
  return `- dependencies are NOT all installed: \`${command}\` ${fault}. Prove the work with what runs here all the same.`;
}

/** Text of the brief: machine, commands, tree, likely places, instruction files. Deterministic for a commit and a baseline. */
export async function buildBrief(input: BriefInput, git: Git): Promise<string> {
  const entries = await git.listFiles(input.commit);
  const [packages, map, context] = await Promise.all([
    readManifest(input.commit, entries, git),
    mapRequest({ commit: input.commit, request: input.issue, entries }, git),
    contextFiles(input, git),
  ]);
  const single = singleTestCommands({
    checks: input.checks,
    scripts: packages.scripts,
    paths: entries.map(({ path }) => path),
  });
  const files = [
    ...section('## Scripts of package.json', scriptsText(packages.scripts)),
    `## Files (${entries.length})\n${drawTree(entries.map(labelled), map.paths)}`,
    ...section('## Likely places, found by names of the request (line: definition or use)', map.files),
    ...section('## Code of the likeliest', map.code),
    ...section('## Their tests', map.tests),
  ];
  const fenced = (what: string, parts: readonly string[]): string[] =>
    parts.length === 0 ? [] : [fence({ what, from: 'the repository' }, parts.join('\n\n'), input.nonce)];
  return [
    '# The repository',
    environmentText(input, packages, single),
    ...fenced('files', files),
    ...fenced('instruction files', context),
  ].join('\n\n');
}

const section = (title: string, text: string): string[] => (text === '' ? [] : [`${title}\n${text}`]);

function environmentText(
  { environment, checks, baseline, setupCommand, setupFault = null, protectedFound }: BriefInput,
  { scripts, devPackages }: Manifest,
  single: readonly string[],
): string {
  return [
    ...environment.map((fact) => `- ${fact}`),
    setupText(setupCommand, setupFault),
    ...(protectedFound.length === 0
      ? []
      : [
          `- protected, changed by people only (propose changes in words): ${protectedFound.map(pathWords).join(', ')}`,
        ]),
    ...single.map((command) => `- one test file alone: \`${command}\``),
    checksText({ checks, baseline, scripts, devPackages }),
  ].join('\n');
}

/** Files that `read` cannot give in one call (its 40 KB) are marked, so that they are read in ranges at once. */
const LARGE_BYTES = 40 * 1024;

const labelled = ({ path, sizeBytes }: TreeEntry): string =>
  sizeBytes > LARGE_BYTES ? `${path} (${Math.round(sizeBytes / 1024)} KB)` : path;

/** Scripts and characters of each that are shown: enough to tell which to run, and what a check is made of. */
const SCRIPTS = 14;
const SCRIPT_CHARS = 90;
const names = z.record(z.string(), z.string());
const manifest = z.object({ scripts: z._default(names, {}), devDependencies: z._default(names, {}) });

type Scripts = Readonly<Record<string, string>>;

interface Manifest {
  readonly scripts: Scripts;
  readonly devPackages: readonly string[];
}

async function readManifest(commit: string, entries: readonly TreeEntry[], git: Git): Promise<Manifest> {
  const isThere = entries.some(({ path }) => path === 'package.json');
  const text = isThere ? await git.readFile(commit, 'package.json') : null;
  const parsed = manifest.safeParse(parseJson(text ?? ''));
  if (!parsed.success) return { scripts: {}, devPackages: [] };
  return { scripts: parsed.data.scripts, devPackages: Object.keys(parsed.data.devDependencies) };
}

function scriptsText(scripts: Scripts): string {
  const shown = Object.entries(scripts).slice(0, SCRIPTS);
  return shown.map(([name, command]) => `- ${name}: ${atWord(command, SCRIPT_CHARS)}`).join('\n');
}

/** Cut between words, and marked so. */
function atWord(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = text.lastIndexOf(' ', most);
  return `${text.slice(0, end > most / 2 ? end : most)} …`;
}

/** Undefined for what is not JSON: a broken manifest is the project's affair, and no reason to stop. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function contextFiles({ instructionsFrom, contextPaths }: BriefInput, git: Git): Promise<string[]> {
  let left = CONTEXT_CHARS;
  const texts: string[] = [];
  for (const path of contextPaths) {
    const content = await git.readFile(instructionsFrom, path);
    if (content === null || content.trim() === '' || left <= 0) continue;
    const cut = content.slice(0, Math.min(CONTEXT_FILE_CHARS, left));
    left -= cut.length;
    texts.push(`## ${path}\n${cut}${cut.length < content.length ? '\n[cut here; read the file for the rest]' : ''}`);
  }
  return texts;
}
