// Where packages may come from, as lockfiles say it: the public registries of the package managers that we read.

/** `registry_hosts` adds to them. `host`, or `host/path` for what lies below that path alone. */
export const publicRegistryHosts: readonly string[] = [
  // npm, pnpm, yarn, bun.
  'registry.npmjs.org',
  'registry.yarnpkg.com',
  'npm.jsr.io',
  // pip, poetry, uv, pdm.
  'pypi.org',
  'files.pythonhosted.org',
  // cargo: what it writes for its registry is the address of the index, which it no longer reads.
  'github.com/rust-lang/crates.io-index',
  'index.crates.io',
  'static.crates.io',
  // bundler.
  'rubygems.org',
];
