// What is to be seen from outside after a run: in the repository, on GitHub, at the model, on the machine.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { REPOSITORY } from '../../demo/request.ts';
import type { RunEvent } from '../../src/events.ts';
import { readJournal } from '../../src/journal/read-journal.ts';
import type { CrashBed, Machine } from './crash-bed.ts';
import { askerOf } from './steady-script.ts';

const git = async (directory: string, ...args: readonly string[]): Promise<string> =>
  (await promisify(execFile)('git', ['-C', directory, ...args], { maxBuffer: 1 << 26 })).stdout;

const labelled = z.object({ labels: z.array(z.object({ name: z.string() })) });
const comment = z.object({ body: z.string() });
const reaction = z.object({ content: z.string() });
const pull = z.object({
  number: z.number(),
  state: z.string(),
  draft: z.boolean(),
  head: z.object({ ref: z.string() }),
});

/** What a person sees, with all that differs from run to run left out. */
export async function resultOf({ github, issue }: CrashBed) {
  const get = async <T>(path: string, shape: z.ZodType<T>): Promise<T> =>
    shape.parse((await github.api('GET', `/repos/${REPOSITORY}/${path}`)).body);
  const about = `issues/${String(issue.number)}`;
  const pulls = await get('pulls?state=all', z.array(pull));
  return {
    pulls: pulls.map(({ state, draft, head }) => ({ state, draft, ...head })),
    comments: await Promise.all(
      [issue, ...pulls].map(async ({ number }) => {
        const comments = await get(`issues/${String(number)}/comments?per_page=100`, z.array(comment));
        // Each begins with its marker, whose run differs.
        return comments.map(({ body }) => /:(\w+) -->/.exec(body)?.[1] ?? body);
      }),
    ),
    reactions: (await get(`${about}/reactions`, z.array(reaction))).map(({ content }) => content),
    labels: (await get(about, labelled)).labels.map(({ name }) => name),
    trees: await treesOf(github.bareRepository(REPOSITORY)),
  };
}

/** Tree by branch; of records only that they are there. */
async function treesOf(bare: string): Promise<Readonly<Record<string, string>>> {
  const lines = await git(bare, 'for-each-ref', '--format=%(refname:lstrip=2) %(tree)', 'refs/heads');
  const pairs = lines.trimEnd().split('\n');
  return Object.fromEntries(
    pairs.map((line) => {
      const [name = '', tree = ''] = line.split(' ');
      return [name, name.startsWith('ai/state/') ? 'a record' : tree];
    }),
  );
}

export type Counts = Readonly<Record<string, number>>;

/** Requests to the model by who asked, from this one on. */
export function requestsOf({ model }: CrashBed, from = 0): Counts {
  const counts: Record<string, number> = {};
  for (const { request } of model.requests.slice(from)) {
    const asker = askerOf(request);
    counts[asker] = (counts[asker] ?? 0) + 1;
  }
  return counts;
}

/** Journals of a machine: of the terminal's runs, or of the action's. */
export function journalsOf({ workspace, runnerTemp }: Machine): readonly string[] {
  return [join(workspace, '.ai-agents/runs'), join(runnerTemp, 'ai-implement')].flatMap((runs) =>
    (existsSync(runs) ? readdirSync(runs) : [])
      .map((name) => join(runs, name, 'journal.jsonl'))
      .filter((path) => existsSync(path)),
  );
}

/** Of the run that got furthest: one killed before it said what was asked for is not found again. */
export function journalOf(machine: Machine): string {
  const largest = [...journalsOf(machine)].sort((one, other) => statSync(other).size - statSync(one).size)[0];
  return largest === undefined ? '' : readFileSync(largest, 'utf8');
}

export const eventsOf = (machine: Machine): readonly RunEvent[] => {
  const text = journalOf(machine);
  return text === '' ? [] : readJournal(text).entries.map(({ event }) => event);
};
