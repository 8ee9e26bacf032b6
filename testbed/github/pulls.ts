// Pull requests: remembered by the emulator, judged and described by git.
import type { Answer } from './types.ts';
import { invalid, refusal, type FieldError } from './answers.ts';
import { field, fieldsOf, forward, ownerOf, type Bed, type Call, type Handler } from './calls.ts';
import { branchHead, git } from './bare-repository.ts';
import { merges, pullCounts, pullHeads, type PullHeads } from './pull-facts.ts';
import { refuseTexts } from './texts.ts';

interface Pull {
  readonly number: string;
  readonly isOpen: boolean;
  readonly isDraft: boolean;
  readonly headBranch: string;
  readonly baseBranch: string;
  /** As the emulator shows it. */
  readonly shown: Readonly<Record<string, unknown>>;
}

export interface PullHandlers {
  readonly create: Handler;
  readonly list: Handler;
  /** Get and update: the answer is one whole pull request. */
  readonly single: Handler;
}

/** Fields that only a single pull request shows. */
const SINGLE_ONLY = [
  'merged',
  'mergeable',
  'rebaseable',
  'mergeable_state',
  'merged_by',
  'comments',
  'review_comments',
].concat(['maintainer_can_modify', 'commits', 'additions', 'deletions', 'changed_files']);

/** The pull requests of one server. GitHub finds out whether one merges in the background: the first look says null. */
export function createPulls(): PullHandlers {
  const lastHeads = new Map<string, PullHeads>();
  const looked = new Set<string>();
  const current = async (call: Call, bed: Bed, pull: Pull): Promise<PullHeads | null> => {
    const key = `${call.repository}#${pull.number}`;
    const directory = bed.directory(call.repository);
    const heads = pull.isOpen ? await pullHeads(directory, pull.headBranch, pull.baseBranch) : null;
    if (heads !== null) lastHeads.set(key, heads);
    return heads ?? lastHeads.get(key) ?? null;
  };
  const whole = async (call: Call, bed: Bed, answer: Answer): Promise<Answer> => {
    if (answer.status >= 300) return answer;
    const pull = readPull(answer.body);
    const heads = await current(call, bed, pull);
    if (heads === null) return answer;
    const directory = bed.directory(call.repository);
    const lookedAt = `${call.repository}#${pull.number} ${heads.base}...${heads.head}`;
    const mergeable = looked.has(lookedAt) ? await merges(directory, heads) : null;
    looked.add(lookedAt);
    const body = { ...withHeads(pull, heads), ...(await pullCounts(directory, heads)), ...mergeState(pull, mergeable) };
    return { ...answer, body };
  };
  return {
    create: async (call, bed) => (await refuseNew(call, bed)) ?? whole(call, bed, await forward(call, bed)),
    single: async (call, bed) =>
      (call.method === 'PATCH' ? refuseTexts(call, 'PullRequest') : null) ?? whole(call, bed, await forward(call, bed)),
    list: async (call, bed) => {
      const answer = await forward({ ...call, path: withUsableHead(call) }, bed);
      if (answer.status !== 200) return answer;
      const pulls = [answer.body].flat();
      const shown = pulls.map(readPull).map(async (pull) => simple(pull, await current(call, bed, pull)));
      return { ...answer, body: await Promise.all(shown) };
    },
  };
}

const readPull = (shown: unknown): Pull => ({
  number: String(field(shown, 'number')),
  isOpen: field(shown, 'state') === 'open',
  isDraft: field(shown, 'draft') === true,
  headBranch: String(field(field(shown, 'head'), 'ref')),
  baseBranch: String(field(field(shown, 'base'), 'ref')),
  shown: fieldsOf(shown),
});

const withHeads = ({ shown }: Pull, heads: PullHeads): Readonly<Record<string, unknown>> => ({
  ...shown,
  head: { ...fieldsOf(shown['head']), sha: heads.head },
  base: { ...fieldsOf(shown['base']), sha: heads.base },
});

function simple(pull: Pull, heads: PullHeads | null): unknown {
  const shown = heads === null ? pull.shown : withHeads(pull, heads);
  return Object.fromEntries(Object.entries(shown).filter(([key]) => !SINGLE_ONLY.includes(key)));
}

function mergeState(pull: Pull, mergeable: boolean | null): Readonly<Record<string, unknown>> {
  const settled = pull.isDraft ? 'draft' : 'clean';
  const mergeable_state = mergeable === null ? 'unknown' : mergeable ? settled : 'dirty';
  return { mergeable, rebaseable: mergeable, mergeable_state };
}

/** GitHub's filter `head` needs `owner:branch`; anything else is passed over as if it were not given. */
function withUsableHead(call: Call): string {
  const query = new URLSearchParams(call.query);
  if (!(query.get('head') ?? ':').includes(':')) query.delete('head');
  return `${call.path.split('?')[0] ?? ''}?${query.toString()}`;
}

/** Why GitHub would not open this pull request; null when it would. */
async function refuseNew(call: Call, bed: Bed): Promise<Answer | null> {
  const isActions = call.identity !== null && call.identity.grants !== null;
  if (isActions && bed.access.repository(call.repository)?.actionsMayOpenPullRequests === false)
    return refusal(403, 'GitHub Actions is not permitted to create or approve pull requests.');
  const texts = refuseTexts(call, 'PullRequest');
  if (texts !== null) return texts;
  const error = await faultOfNew(call, bed);
  return error === null ? null : invalid({ resource: 'PullRequest', ...error });
}

async function faultOfNew(call: Call, bed: Bed): Promise<Omit<FieldError, 'resource'> | null> {
  const directory = bed.directory(call.repository);
  const head = String(call.body['head']).replace(`${ownerOf(call.repository)}:`, '');
  const base = String(call.body['base']);
  if ((await branchHead(directory, head)) === null) return { code: 'invalid', field: 'head' };
  if ((await branchHead(directory, base)) === null) return { code: 'invalid', field: 'base' };
  if ((await git(directory, 'rev-list', '--count', `refs/heads/${base}..refs/heads/${head}`)) === '0')
    return { code: 'custom', message: `No commits between ${base} and ${head}` };
  const label = `${ownerOf(call.repository)}:${head}`;
  const query = new URLSearchParams({ state: 'open', head: label, base });
  const twins = await bed.emulator.ask(null, 'GET', `/repos/${call.repository}/pulls?${query.toString()}`);
  const hasTwin = Array.isArray(twins.body) && twins.body.length > 0;
  return hasTwin ? { code: 'custom', message: `A pull request already exists for ${label}.` } : null;
}
