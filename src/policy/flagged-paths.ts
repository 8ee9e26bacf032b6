// Changed files that a person should look at first, known by their path.
import type { ChangedEntry } from '../ports.ts';
import type { DiffFinding } from '../types.ts';
import { isLockfile, nameOf } from './package-files.ts';
import { isTestFile } from './test-paths.ts';

interface Kind {
  readonly rule: DiffFinding['rule'];
  readonly words: string;
  readonly is: (entry: ChangedEntry) => boolean;
}

const named =
  (pattern: RegExp) =>
  ({ path }: ChangedEntry): boolean =>
    pattern.test(nameOf(path));

/** By the manifests that the package managers of each language read. package.json is told by what changed in it. */
const manifest =
  /^(?:pyproject\.toml|setup\.cfg|pipfile|uv\.toml|environment\.ya?ml|cargo\.toml|go\.(?:mod|work)|gemfile|composer\.json|pom\.xml|package\.swift|pubspec\.yaml|mix\.exs|deno\.jsonc?|pnpm-workspace\.yaml|nuget\.config|directory\.(?:packages|build)\.props|(?:requirements|constraints)[^/]*\.(?:txt|in)|.+\.(?:gemspec|csproj|fsproj))$/;

/** Run by whoever builds or tests the project. */
const buildScript =
  /^(?:(?:gnu)?makefile|cmakelists\.txt|justfile|taskfile\.ya?ml|rakefile|gulpfile\.[cm]?[jt]s|gruntfile\.[cm]?[jt]s|build\.(?:rs|sh|py|[cm]?[jt]s)|setup\.py|noxfile\.py|tox\.ini|conftest\.py|(?:build|settings)\.gradle(?:\.kts)?|gradlew(?:\.bat)?|gradle-wrapper\.(?:jar|properties)|mvnw(?:\.cmd)?|.+\.(?:mk|cmake)|(?:webpack|vite|vitest|rollup|esbuild|babel|jest|next|nuxt|svelte|astro|postcss|tailwind|eslint|playwright|cypress)\.config\.[cm]?[jt]s)$/;

const container =
  /^(?:(?:docker|container)file(?:\..+)?|.+\.(?:docker|container)file|(?:docker-)?compose[^/]*\.ya?ml)$/;

const migration = /(?:^|\/)(?:migrations?|db\/migrate|alembic\/versions)\/|(?:^|\/)prisma\/schema\.prisma$/i;

/** Whole words of a path that name what keeps others out. */
const guarding: ReadonlySet<string> = new Set([
  ...['auth', 'authn', 'authz', 'authentication', 'authorization', 'oauth', 'oauth2', 'oidc', 'saml', 'sso'],
  ...['login', 'signin', 'session', 'sessions', 'password', 'passwords', 'passwd', 'credential', 'credentials'],
  ...['jwt', 'csrf', 'acl', 'rbac', 'permission', 'permissions', 'security'],
  ...['crypto', 'cryptography', 'cipher', 'encrypt', 'encryption', 'decrypt', 'decryption', 'signature', 'signatures'],
]);

const kinds: readonly Kind[] = [
  { rule: 'manifest', words: 'What the project is built from is changed.', is: named(manifest) },
  { rule: 'lockfile', words: 'The locked versions of packages are changed.', is: ({ path }) => isLockfile(path) },
  { rule: 'build-script', words: 'It runs whenever the project is built or tested.', is: named(buildScript) },
  { rule: 'container', words: 'It says what an image is built from.', is: named(container) },
  { rule: 'migration', words: 'It changes a database.', is: ({ path }) => migration.test(path) },
  { rule: 'auth', words: 'Code that keeps others out, or secrets safe, is changed.', is: changesGuard },
];

/** Flags of one path. */
export function pathFlags(entry: ChangedEntry): readonly DiffFinding[] {
  return kinds.filter(({ is }) => is(entry)).map(({ rule, words }) => ({ rule, path: entry.path, line: null, words }));
}

/**
 * What is new is what was asked for, and is read as such; what was there and is changed is where a guard is taken away
 * unseen.
 */
function changesGuard({ path, previousPath, oldMode }: ChangedEntry): boolean {
  if (oldMode === null) return false;
  return [path, previousPath ?? path].some(
    (one) => !isTestFile(one) && wordsOf(one).some((word) => guarding.has(word)),
  );
}

/** `src/userAuth/login-form.ts` -> src, user, auth, login, form, ts */
const wordsOf = (path: string): readonly string[] =>
  path
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
