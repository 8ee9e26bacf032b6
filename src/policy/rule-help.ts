// Every rule of the diff policy in words, for the documentation: the type sees to it that none is missing.
import { formatCount } from '../journal/format.ts';
import type { DiffRule } from '../types.ts';
import { caps } from './caps.ts';
import { maxLineLength } from './content-findings.ts';

export interface RuleHelp {
  readonly does: 'blocks' | 'flags';
  /** What it looks for, as the end of "holds". */
  readonly finds: string;
}

const blocks = (finds: string): RuleHelp => ({ does: 'blocks', finds });
const flags = (finds: string): RuleHelp => ({ does: 'flags', finds });

export const ruleHelp: Readonly<Record<DiffRule, RuleHelp>> = {
  'protected-path': blocks(
    'A change to a protected path: added, edited, removed or renamed, in letters of either case and in look-alikes of ' +
      'other alphabets; in the result, or in a commit on the way to it.',
  ),
  'new-dot-directory': blocks('A new top-level directory whose name begins with a dot.'),
  'unsafe-name': blocks("A new name that can be taken for git's own directory, or that holds what is not seen."),
  gitlink: blocks('A link to another repository (submodule).'),
  link: blocks('A symbolic link that is absolute, leaves the repository or leads into `.git`.'),
  executable: blocks('A file outside of `bin` and `scripts` that could not be run before and can be run now.'),
  'package-source': blocks(
    'A package in a lockfile (npm, pnpm, yarn, bun, pip, poetry, uv, pdm, Cargo, Bundler), or a dependency in ' +
      '`package.json`, that comes from none of the registries.',
  ),
  'hidden-characters': blocks(
    'Characters in added lines that are not seen or change the order of what is read. In fixtures of tests: flagged. What ' +
      'emoji and other scripts are written with is let be.',
  ),
  secret: blocks(
    'What looks like a key or token in an added line, binary or link. Told by place and rule, never by value.',
  ),
  'too-many-files': blocks(`More than ${formatCount(caps.files)} files.`),
  'too-many-bytes': blocks(`More than ${caps.bytes / 1024 / 1024} MB of added lines and binaries.`),
  'too-many-lines': blocks(`More than ${formatCount(caps.lines)} added lines, lockfiles not counted.`),
  'too-many-commits': blocks(`More than ${caps.commits} commits, merges not counted.`),
  'package-script': flags('Scripts of `package.json`, those that run by themselves at an install first.'),
  'build-script': flags('Build scripts and configurations of build tools that are programs.'),
  container: flags('Dockerfiles and compose files.'),
  manifest: flags('Manifests: dependencies and settings of packages.'),
  lockfile: flags('Lockfiles.'),
  auth: flags('Code that was there and whose path names logins, permissions or cryptography.'),
  migration: flags('Migrations of databases.'),
  binary: flags('Binary files.'),
  'long-line': flags(`Lines of more than ${formatCount(maxLineLength)} characters.`),
};
