// How one test file of the project is run, where that is certain: agents ask for it first.

/** Runner by the words of a command, and how it is given one file. `args` are what stands after it in the script. */
const runners: readonly { readonly pattern: RegExp; readonly one: (args: string) => string | null }[] = [
  { pattern: /(?:^|\s|\/)vitest(?:\s|$)/, one: () => 'npx vitest run <file>' },
  { pattern: /(?:^|\s)jest(?:\s|$)/, one: (args) => `npx jest${args} <file>` },
  { pattern: /(?:^|\s)ava(?:\s|$)/, one: () => 'npx ava <file>' },
  { pattern: /(?:^|\s)node\s+(?=.*--test\b)/, one: (args) => `node${args} <file>` },
];

/** Commands that take a path at their end, as they stand. */
const appended = /(?:\bpytest|\bpython3? -m pytest|\brspec|\bphpunit|\bmix test)$/;

export interface SingleTestFacts {
  /** Commands of the checks that judge the result. */
  readonly checks: readonly { readonly command: string }[];
  /** Scripts of package.json. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Paths of the commit: some runners read what to run from a file besides, which a path does not replace. */
  readonly paths: readonly string[];
}

/** Commands with `<file>`, `<package>` or `<name>` in them; empty where nothing is certain. */
export function singleTestCommands({ checks, scripts, paths }: SingleTestFacts): string[] {
  const found = checks.flatMap(({ command }) => {
    const plain = command.trim();
    if (appended.test(plain)) return [`${plain} <file>`];
    if (/^go test\b/.test(plain)) return ["go test ./<package> -run '^<TestName>$'"];
    if (/^cargo test\b/.test(plain)) return ['cargo test <name>'];
    const script = /^(?:npm|pnpm|yarn|bun)(?: run)? ([\w:-]+)$/.exec(plain)?.[1];
    return script === undefined ? [] : ofScript(scripts[script] ?? '', scripts, paths);
  });
  return [...new Set(found)];
}

/** Follows `npm run other` at the end of a script, since the tests come last in a chain of checks. */
function ofScript(
  script: string,
  scripts: Readonly<Record<string, string>>,
  paths: readonly string[],
  depth = 0,
): string[] {
  const parts = script.split(/&&|;/).map((part) => part.trim());
  for (const part of parts.reverse()) {
    const next = /^(?:npm|pnpm|yarn|bun)(?: run)? ([\w:-]+)$/.exec(part)?.[1];
    const found =
      next !== undefined && depth < 3 ? ofScript(scripts[next] ?? '', scripts, paths, depth + 1) : ofPart(part, paths);
    if (found.length > 0) return found;
  }
  return [];
}

function ofPart(part: string, paths: readonly string[]): string[] {
  // Mocha adds the files of its configuration to those it is given.
  const mocha = /(?:^|\s)mocha(?:\s+(.*))?$/.exec(part);
  if (mocha !== null) {
    return paths.some((path) => /^\.mocharc\./.test(path)) ? [] : [`npx mocha${withoutFiles(mocha[1] ?? '')} <file>`];
  }
  for (const { pattern, one } of runners) {
    const match = pattern.exec(part);
    const command = match === null ? null : one(withoutFiles(part.slice(match.index + match[0].length)));
    if (command !== null) return [command];
  }
  return [];
}

/** The options of a runner without the files it is given: globs, quoted ones, and folders of tests. */
function withoutFiles(args: string): string {
  const kept = args
    .split(/\s+/)
    .filter((arg) => arg !== '' && !/[*{]|^['"]|^(\.\/)?(tests?|specs?|__tests__|src)(\/|$)/.test(arg));
  return kept.map((arg) => ` ${arg}`).join('');
}
