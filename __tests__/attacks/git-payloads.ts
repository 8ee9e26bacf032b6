// The ways in which a repository makes git run a program, as states of a tree. `MARK` stands for the attacker's command.

export interface GitPayload {
  readonly name: string;
  /** Shell in the tree's root: leaves the state behind. May touch nothing outside. */
  readonly plant: string;
  /** What an unwary orchestrator does in such a tree, by which the payload is shown to be live. */
  readonly live: string;
  /** Switches under which git alone is said to be safe from it: shown to be so. */
  readonly silent?: string;
}

export const payloadFiles = {
  'a.txt': 'one\n',
  'b.txt': 'one\n',
  '.gitattributes': '*.txt filter=evil diff=evil merge=evil\n',
};

const set = (key: string, value = 'MARK'): string => `git config ${key} '${value}'`;
const script = (path: string): string =>
  `mkdir -p "$(dirname ${path})"; printf '#!/bin/sh\\nMARK\\n' > ${path}; chmod +x ${path}`;
const hook = (name: string): string => script(`.git/hooks/${name}`);

/** Same size, other times: git must look into the file, so that its filter has a say. */
const stale = 'touch -d 2001-01-01 *.txt';
const change = 'echo two > a.txt';
const commit = `${change}; git commit -qam x`;
const askForPassword = "printf 'protocol=https\\nhost=x.invalid\\n\\n' | setsid git credential fill";
const mergeBoth =
  'git checkout -qb side; echo side > a.txt; git commit -qam side; git checkout -q -; echo ours > a.txt; git commit -qam ours; git merge -q side';

/** A repository in `n` with a commit, known to the outer one as a submodule. */
const nested = (inside: string): string =>
  'git init -q n; cd n; echo "* filter=evil" > .gitattributes; echo x > f; git add -A; ' +
  `git -c user.name=x -c user.email=x@x commit -qm x; ${inside}; cd ..; git add n; echo y > n/f; touch -d 2001-01-01 n/f`;
const nestedFilter = nested(set('filter.evil.clean', 'MARK; cat'));

export const gitPayloads: readonly GitPayload[] = [
  { name: 'core.fsmonitor', plant: set('core.fsmonitor'), live: 'git status' },
  { name: 'a pre-commit hook', plant: hook('pre-commit'), live: commit },
  { name: 'a post-checkout hook', plant: hook('post-checkout'), live: 'git checkout -qb other' },
  {
    name: 'a reference-transaction hook',
    plant: hook('reference-transaction'),
    live: 'git update-ref refs/heads/x HEAD',
  },
  { name: 'a post-index-change hook', plant: hook('post-index-change'), live: `${change}; git add -A` },
  { name: 'core.hooksPath', plant: `${script('h/pre-commit')}; ${set('core.hooksPath', 'h')}`, live: commit },
  { name: 'a clean filter, by add', plant: set('filter.evil.clean', 'MARK; cat'), live: `${stale}; git add -A` },
  { name: 'a clean filter, by status', plant: set('filter.evil.clean', 'MARK; cat'), live: `${stale}; git status` },
  { name: 'a process filter', plant: set('filter.evil.process'), live: `${stale}; git add -A` },
  {
    name: 'a smudge filter',
    plant: `${set('filter.evil.smudge', 'MARK; cat')}; rm b.txt`,
    live: 'git checkout b.txt',
  },
  { name: 'a textconv', plant: set('diff.evil.textconv', 'MARK; cat'), live: `${change}; git diff` },
  { name: 'a diff driver', plant: set('diff.evil.command'), live: `${change}; git diff` },
  {
    name: 'a diff driver, under --no-ext-diff --no-textconv',
    plant: set('diff.evil.command'),
    live: `${change}; git diff`,
    silent: `${change}; git diff --no-ext-diff --no-textconv`,
  },
  { name: 'diff.external', plant: set('diff.external'), live: `${change}; git diff` },
  {
    name: 'gpg.program',
    plant: `${script('h/gpg')}; ${set('commit.gpgSign', 'true')}; git config gpg.program "$PWD/h/gpg"`,
    live: commit,
  },
  { name: 'an alias', plant: set('alias.ci', '!MARK'), live: 'git ci' },
  {
    name: 'core.sshCommand',
    plant: set('core.sshCommand', 'MARK #'),
    live: 'git fetch ssh://x.invalid/x',
  },
  {
    name: 'remote.origin.uploadpack',
    plant: `git config remote.origin.url .; ${set('remote.origin.uploadpack', 'MARK #')}`,
    live: 'git fetch origin',
  },
  {
    name: 'an ext:: transport',
    plant: `printf '#!/bin/sh\\nMARK\\n' > e.sh; ${set('protocol.ext.allow', 'always')}; ${set('remote.origin.url', 'ext::sh ./e.sh')}`,
    live: 'git fetch origin',
  },
  { name: 'credential.helper', plant: set('credential.helper', '!MARK #'), live: askForPassword },
  {
    name: 'core.askPass',
    plant: `${script('h/ask')}; git config core.askPass "$PWD/h/ask"`,
    live: askForPassword,
  },
  { name: 'a merge driver', plant: set('merge.evil.driver'), live: mergeBoth },
  {
    name: 'a .git that points elsewhere',
    plant: `mv .git real; echo 'gitdir: real' > .git; ${set('core.fsmonitor')}`,
    live: 'git status',
  },
  {
    name: 'a .git that is a link',
    plant: `mv .git real; ln -s real .git; ${set('core.fsmonitor')}`,
    live: 'git status',
  },
  {
    name: 'an embedded bare repository as working directory',
    plant:
      'mkdir -p e/objects e/refs; echo "ref: refs/heads/main" > e/HEAD; ' +
      "printf '[core]\\n\\trepositoryformatversion = 0\\n\\tbare = false\\n\\tworktree = ..\\n\\tfsmonitor = MARK\\n' > e/config",
    live: 'cd e; git status',
  },
  { name: "a nested repository's fsmonitor, by status", plant: nested(set('core.fsmonitor')), live: 'git status' },
  { name: "a nested repository's filter, by status", plant: nestedFilter, live: 'git status' },
  { name: "a nested repository's filter, by diff", plant: nestedFilter, live: 'git diff' },
  { name: "a nested repository's filter, by add", plant: nestedFilter, live: 'git add -A' },
  {
    name: "a nested repository's filter, under status --ignore-submodules",
    plant: nestedFilter,
    live: 'git status',
    silent: 'git status --ignore-submodules=all',
  },
  {
    name: "a nested repository's filter, under diff.ignoreSubmodules",
    plant: `${nestedFilter}; ${set('diff.ignoreSubmodules', 'all')}`,
    live: 'git add -A',
    silent: 'git diff',
  },
  {
    name: 'an included config',
    plant: `printf '[core]\\n\\tfsmonitor = MARK\\n' > inc; ${set('include.path', '../inc')}`,
    live: 'git status',
  },
  {
    name: 'config.worktree',
    plant: `${set('extensions.worktreeConfig', 'true')}; ${set('--worktree core.fsmonitor')}`,
    live: 'git status',
  },
  {
    name: 'core.editor',
    plant: set('core.editor', 'MARK #'),
    live: 'git commit -q --allow-empty',
  },
];
