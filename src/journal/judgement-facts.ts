// What the diff policy said of a run's change, read from its state: in sentences that every account uses alike.
import type { DiffFinding } from '../types.ts';
import type { RunState } from './run-state.ts';

/** `src/a.js:7`, or the path alone; empty for what is said of the whole change. Untrusted text. */
export const diffPlace = ({ path, line }: Pick<DiffFinding, 'path' | 'line'>): string =>
  line === null ? path : `${path}:${line}`;

/** True when nothing may be published. Throws for a change that was not judged: that is a bug, and must not pass as sound. */
export function isBlocked({ judgement }: RunState): boolean {
  if (judgement === null) throw new Error('the change was not judged');
  return judgement.blocks.length > 0;
}

/** Why nothing is published, one sentence each: rule, place and words. Untrusted text. */
export const blockSentences = ({ judgement }: RunState): readonly string[] =>
  (judgement?.blocks ?? []).map(blockSentence);

/** `Not published (protected-path): .github/workflows/ci.yml: This path is protected; only people change it.` */
export function blockSentence(block: DiffFinding): string {
  const place = diffPlace(block);
  return `Not published (${block.rule})${place === '' ? '' : `: ${place}`}: ${block.words}`;
}

/** True when a person should look at something before the rest: the pull request is then a draft. */
export const isFlagged = ({ judgement, verification }: RunState): boolean =>
  (judgement?.flags.length ?? 0) > 0 || (verification?.weakened.length ?? 0) > 0;

export interface FlagGroup {
  readonly title: string;
  readonly items: readonly { readonly place: string; readonly words: string }[];
}

/** What a reader of a group is told once, and not on each of its lines. */
const groups: readonly (readonly [title: string, rules: readonly DiffFinding['rule'][], sayWords: boolean])[] = [
  ['Runs at an install, a build or a test', ['package-script', 'build-script', 'container'], true],
  ['Takes packages', ['manifest', 'lockfile'], true],
  ['Keeps others out', ['auth'], false],
  ['Changes a database', ['migration'], false],
  ['Cannot be read', ['binary', 'long-line', 'hidden-characters'], true],
];

/** The flags where no list can be drawn, one line each. Untrusted text. */
export const flagSentences = (state: RunState): readonly string[] =>
  flagGroups(state).flatMap(({ title, items }) =>
    items.map(({ place, words }) => `Look at ${place} first (${title.toLowerCase()}). ${words}`.trimEnd()),
  );

/** The flags, sorted by what they are about. Untrusted text. */
export function flagGroups({ judgement }: RunState): readonly FlagGroup[] {
  const flags = judgement?.flags ?? [];
  return groups
    .map(([title, rules, sayWords]) => ({
      title,
      items: flags
        .filter(({ rule }) => rules.includes(rule))
        .map((flag) => ({ place: diffPlace(flag), words: sayWords ? flag.words : '' })),
    }))
    .filter(({ items }) => items.length > 0);
}
