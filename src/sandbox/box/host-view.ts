// What of the machine the inside of a sandbox shows: programs and the few settings they need, all of it read-only.
import { dirname, join } from 'node:path';

export interface HostFacts {
  readonly exists: (path: string) => boolean;
  /** Target of a symbolic link; null for anything else. */
  readonly linkOf: (path: string) => string | null;
  /** Home of the person or runner. Hardly anything of it is shown. */
  readonly home: string;
  /** PATH, in its order; absolute entries only. */
  readonly path: readonly string[];
}

export interface HostView {
  /** Shown at their own path. Parents come before what lies in them. */
  readonly shown: readonly string[];
  /** Links of the top directory, as `/bin` to `usr/bin`. */
  readonly links: readonly { readonly at: string; readonly to: string }[];
}

const programs = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store', '/opt/hostedtoolcache'];

/** Of /etc: how programs and libraries are found, certificates, time. No account, host name or service of the machine. */
const settings = [
  ...['alternatives', 'ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'localtime', 'timezone', 'os-release'],
  ...['debian_version', 'ssl/certs', 'ssl/openssl.cnf', 'ca-certificates', 'pki/tls/certs', 'pki/ca-trust/extracted'],
  ...['mime.types', 'protocols', 'services', 'fonts', 'java', 'java-8-openjdk', 'java-11-openjdk', 'java-17-openjdk'],
  ...['java-21-openjdk', 'java-25-openjdk', 'maven', 'perl', 'python3', 'python3.11', 'python3.12', 'python3.13'],
].map((name) => `/etc/${name}`);

/** Folders of tool managers in a home. They hold programs; credentials lie elsewhere (`~/.cargo/credentials.toml`, `~/.npmrc`). */
const toolFolders = [
  ...[
    '.pyenv',
    '.rbenv',
    '.nvm',
    '.nodenv',
    '.goenv',
    '.volta',
    '.asdf',
    '.rustup',
    '.sdkman',
    '.bun',
    '.deno',
    '.fnm',
  ],
  ...['.local/share/mise', '.local/share/fnm', '.local/share/pnpm', '.local/share/uv', '.dotnet', 'go/bin'],
];

/** What lies beside a `bin` and is needed by it. */
const besideBin = ['bin', 'lib', 'lib64', 'libexec', 'share', 'include'];

/**
 * The view of a machine. What is on PATH is shown: of a home only the folders of known tool managers and `bin` folders.
 * @param extra further paths that the configuration asks for
 */
export function hostView(facts: HostFacts, extra: readonly string[]): HostView {
  const top = programs.filter(facts.exists);
  const links = top.flatMap((at) => {
    const to = facts.linkOf(at);
    return to === null ? [] : [{ at, to }];
  });
  const linked = new Set(links.map(({ at }) => at));
  const wanted = [
    ...top.filter((path) => !linked.has(path)),
    ...settings,
    ...facts.path.flatMap((entry) => toolsOf(entry, facts.home)),
    ...extra,
  ];
  return { links, shown: outermost(wanted.filter(facts.exists), [...linked]) };
}

function toolsOf(entry: string, home: string): readonly string[] {
  const rustup = entry === join(home, '.cargo/bin') ? [join(home, '.rustup')] : [];
  const folder = toolFolders.map((name) => join(home, name)).find((one) => isWithin(entry, one));
  if (folder !== undefined) return [folder];
  // A whole home, or a folder right in it, may hold anything.
  if (entry === home || entry === '/' || programs.includes(entry)) return [];
  if (!entry.endsWith('/bin') || dirname(entry) === home || isWithin(home, dirname(entry))) return [entry, ...rustup];
  if (entry === join(home, '.cargo/bin') || entry === join(home, '.local/bin')) return [entry, ...rustup];
  return besideBin.map((name) => join(dirname(entry), name));
}

/** Without what lies in another of them. */
function outermost(paths: readonly string[], covered: readonly string[]): readonly string[] {
  const sorted = [...new Set(paths)].sort();
  const isCovered = (path: string): boolean =>
    covered.some((other) => isWithin(path, other)) || sorted.some((other) => other !== path && isWithin(path, other));
  return sorted.filter((path) => !isCovered(path));
}

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Variables by which tool managers find themselves: passed on when they point into what is shown. */
const toolVariables = [
  ...['JAVA_HOME', 'GOROOT', 'PYENV_ROOT', 'RBENV_ROOT', 'NVM_DIR', 'VOLTA_HOME', 'RUSTUP_HOME', 'ASDF_DIR'],
  ...['SDKMAN_DIR', 'DOTNET_ROOT', 'ANDROID_HOME', 'BUN_INSTALL'],
];

/** @returns of the environment those variables; RUSTUP_HOME also where only its default is used */
export function toolHomes(
  env: Readonly<Record<string, string | undefined>>,
  shown: readonly string[],
  home: string,
): Readonly<Record<string, string>> {
  const isShown = (path: string): boolean => shown.some((one) => isWithin(path, one));
  const named = toolVariables.flatMap((name) => {
    const value = env[name] ?? (name === 'RUSTUP_HOME' ? join(home, '.rustup') : undefined);
    return value !== undefined && isShown(value) ? [[name, value] as const] : [];
  });
  return Object.fromEntries(named);
}
