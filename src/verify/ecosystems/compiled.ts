// Go, Rust, and Makefiles: one command each.
import type { Project, ProjectChecks } from '../project.ts';

const nothing: ProjectChecks = { setup: null, checks: [] };

/** A module at the root of the folder. */
export function detectGo({ files }: Project): ProjectChecks {
  if (!files.includes('go.mod')) return nothing;
  return {
    setup: files.includes('go.sum') ? 'go mod download' : null,
    checks: [
      { name: 'go test', command: 'go test ./...' },
      { name: 'go vet', command: 'go vet ./...' },
    ],
  };
}

/** A crate or a workspace at the root of the folder. */
export function detectRust({ files }: Project): ProjectChecks {
  if (!files.includes('Cargo.toml')) return nothing;
  return {
    setup: files.includes('Cargo.lock') ? 'cargo fetch --locked' : null,
    checks: [{ name: 'cargo test', command: 'cargo test' }],
  };
}

/** The `test` target; asked only when nothing better was found. */
export async function detectMake({ files, readFile }: Project): Promise<ProjectChecks> {
  const name = ['GNUmakefile', 'makefile', 'Makefile'].find((file) => files.includes(file));
  const text = name === undefined ? null : await readFile(name);
  return text !== null && /^test\s*:(?!=)/m.test(text)
    ? { setup: null, checks: [{ name: 'make test', command: 'make test' }] }
    : nothing;
}
