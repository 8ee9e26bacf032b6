// What package managers inside a sandbox need to know to reach the mirror, with lock files as they are.

/**
 * Where each ecosystem lies on the mirror, by the variables that its tools read. npm, pnpm and yarn 1 read `npm_config_*`
 * (https://docs.npmjs.com/cli/using-npm/config), pnpm from 11 on `pnpm_config_*`, yarn from 2 on `YARN_*`
 * (https://yarnpkg.com/configuration/yarnrc), uv `UV_*`, Go `GOPROXY` (https://go.dev/ref/mod#environment-variables).
 * @param port of the forwarder in the sandbox
 */
export function registryEnvironment(port: number): Readonly<Record<string, string>> {
  const base = `http://127.0.0.1:${port}`;
  const npm = `${base}/npm/`;
  const simple = `${base}/pypi/simple/`;
  return {
    npm_config_registry: npm,
    npm_config_replace_registry_host: 'npmjs',
    // Each of these asks for more than packages.
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    pnpm_config_registry: npm,
    YARN_REGISTRY: npm,
    YARN_NPM_REGISTRY_SERVER: npm.slice(0, -1),
    YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
    YARN_ENABLE_TELEMETRY: '0',
    COREPACK_NPM_REGISTRY: npm.slice(0, -1),
    COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
    PIP_INDEX_URL: simple,
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    UV_DEFAULT_INDEX: simple,
    UV_INDEX_URL: simple,
    UV_PYTHON_DOWNLOADS: 'never',
    // Nothing after it: no `direct`, which would ask the hosts of the modules themselves.
    GOPROXY: `${base}/go`,
  };
}

/**
 * Where there is no network: tools say so at once, where they would try again for a minute. Each by the documentation of its
 * settings: npm `offline`, pip `--no-index`, uv `UV_OFFLINE`, `GOPROXY=off`, cargo `net.offline`.
 */
export const offlineEnvironment: Readonly<Record<string, string>> = {
  npm_config_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  YARN_ENABLE_OFFLINE_MODE: '1',
  YARN_ENABLE_TELEMETRY: '0',
  PIP_NO_INDEX: '1',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  UV_OFFLINE: '1',
  GOPROXY: 'off',
  CARGO_NET_OFFLINE: 'true',
};

/**
 * What has to be a file, by its path below the home directory: cargo reads no source replacement from its environment
 * (https://doc.rust-lang.org/cargo/reference/config.html#source).
 */
export function registryFiles(port: number): Readonly<Record<string, string>> {
  const cargo = [
    '[source.crates-io]',
    'replace-with = "mirror"',
    '[source.mirror]',
    `registry = "sparse+http://127.0.0.1:${port}/crates/index/"`,
    '',
  ];
  return { '.cargo/config.toml': cargo.join('\n') };
}
