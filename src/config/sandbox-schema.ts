// What the configuration says of the sandbox; the words go into docs and schema like those of schema.ts.
import * as z from 'zod/mini';

const hostName = z
  .string()
  .check(
    z.regex(/^(?!-)[a-z0-9-]{1,63}(?:\.(?!-)[a-z0-9-]{1,63})+$/),
    z.meta({ title: 'a host name in small letters, without port or wildcard, like "pypi.example.org"' }),
  );
const absolutePath = z
  .string()
  .check(z.regex(/^\/(?!.*(?:^|\/)\.\.(?:\/|$)).*[^/]$/), z.meta({ title: 'an absolute path, like "/opt/tools"' }));

/** Option `sandbox` of the file. */
export const sandboxSchema = z.strictObject({
  backend: z
    ._default(z.enum(['auto', 'namespaces', 'bubblewrap']), 'auto')
    .check(
      z.describe(
        'What keeps commands in: namespaces of the kernel, or bubblewrap. `auto` takes the first that holds when it is tried. ' +
          'Without one that holds, no run is started.',
      ),
    ),
  network: z
    ._default(z.enum(['setup', 'none', 'registry', 'hosts']), 'setup')
    .check(
      z.describe(
        'What commands reach: `setup`: package registries, to read, while dependencies are installed; `none`: nothing; ' +
          '`registry`: the registries always; `hosts`: the `hosts`, too.',
      ),
    ),
  hosts: z._default(z.array(hostName).check(z.maxLength(50)), []).check(
    z.meta({
      description:
        'Hosts that commands may reach by HTTPS with `network: "hosts"`. What runs there can send anything to them.',
      examples: [['packages.example.org']],
    }),
  ),
  minimum_package_age_days: z
    ._default(z.int().check(z.gte(0), z.lte(365)), 7)
    .check(z.describe('Versions of packages that are younger are hidden: most hostile ones are found within days.')),
  memory_mb: z
    .optional(z.int().check(z.gte(256), z.lte(1_048_576)))
    .check(
      z.describe('Most memory of one command, in MiB; it is ended then. Default: half of the memory of the machine.'),
    ),
  read_only_paths: z._default(z.array(absolutePath).check(z.maxLength(20)), []).check(
    z.meta({
      description:
        'Further folders of the machine that commands may read, for tools that lie outside /usr and PATH. Nothing of a home.',
      examples: [['/opt/android-sdk']],
    }),
  ),
});
