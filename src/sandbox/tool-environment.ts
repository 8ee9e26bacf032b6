// The environment of a toolhost and of every command in it: an allow-list, never a copy.
import { isAbsolute } from 'node:path';

/** Names that look like a credential, or that change what a program loads and whom it talks to. */
const refusedNames = [
  /TOKEN|SECRET|KEY|PASS|CRED|AUTH/i,
  /^(ACTIONS|GITHUB|RUNNER|INPUT|ANTHROPIC|OPENAI|AWS|AZURE|GOOGLE|GIT|LD|DYLD|NPM_CONFIG|PIP|SSH|DOCKER)_/i,
  /^NODE_OPTIONS$/i,
];

/** Whether a name of the configuration may be passed on to tools. */
export const mayPassToTools = (name: string): boolean =>
  /^[A-Za-z_]\w*$/.test(name) && !refusedNames.some((pattern) => pattern.test(name));

export interface ToolEnvironmentOptions {
  /** The broker's environment: only the names below and `extraNames` are looked at. */
  readonly source: Readonly<Record<string, string | undefined>>;
  /** Each has passed `mayPassToTools`. */
  readonly extraNames: readonly string[];
  /** Scratch directories of the tree, outside of it. */
  readonly home: string;
  readonly temporary: string;
  /** A folder searched after all others. */
  readonly lastOnPath: string;
}

/** The whole environment. PATH keeps its absolute entries: tool caches of a runner are reached through it. */
export function toolEnvironment(options: ToolEnvironmentOptions): Readonly<Record<string, string>> {
  const path = (options.source['PATH'] ?? '/usr/local/bin:/usr/bin:/bin').split(':').filter(isAbsolute).join(':');
  const passed = ['LANG', 'LC_ALL', 'TZ', ...options.extraNames].flatMap((name) => {
    const value = options.source[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    LANG: 'C.UTF-8',
    ...Object.fromEntries(passed),
    PATH: `${path}:${options.lastOnPath}`,
    HOME: options.home,
    TMPDIR: options.temporary,
    TERM: 'dumb',
    CI: '1',
    PAGER: 'cat',
    GIT_PAGER: 'cat',
  };
}
