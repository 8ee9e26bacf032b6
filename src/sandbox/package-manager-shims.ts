// Stand-ins for package managers that a project's scripts call and the machine does not have.

/**
 * A shell script for `name` (pnpm or yarn): a script of package.json runs through npm, a local program through npx
 * without a download, and everything else is asked of corepack, which comes with node before 25.
 */
export function shimOf(name: string): string {
  return `#!/bin/sh
# ${name} is not installed here; this runs the project's scripts in its place.
is_script() { node -e 'const s = require("./package.json").scripts || {}; process.exit(Object.hasOwn(s, process.argv[1]) ? 0 : 1)' "$1" 2>/dev/null; }
case "\${1-}" in -s|--silent) shift ;; esac
case "\${1-}" in run|run-script|exec) shift ;; esac
case "\${1-}" in -s|--silent) shift ;; esac
case "\${1-}" in
  ''|-*|install|i|add|remove|rm|up|update|upgrade|dlx|create|import|publish|pack|link|unlink|store|config|workspace|workspaces|why|list|ls)
    COREPACK_ENABLE_DOWNLOAD_PROMPT=0 exec corepack ${name} "$@" ;;
esac
command=$1
shift
[ "\${1-}" = -- ] && shift
if is_script "$command"; then exec npm run --silent "$command" -- "$@"; fi
PATH="$PWD/node_modules/.bin:$PATH" exec "$command" "$@"
`;
}

/** Names that get one. npm itself comes with node. */
export const shimmedNames: readonly string[] = ['pnpm', 'yarn'];
