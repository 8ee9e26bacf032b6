// Finds the network addresses in a text that a package manager will read, in every spelling that such programs take.

export interface Address {
  /** As it stands in the text, to be looked for there. May carry a credential, so it is never shown. */
  readonly raw: string;
  /** Lower case, with the port where one is given. */
  readonly host: string;
  /** From the first slash; dots are resolved. */
  readonly path: string;
}

/** With any number of slashes of either kind: readers of addresses forgive that, and go where it points. */
const url = /(?<![\w.+-])(?:[a-z0-9.]{1,12}\+)?(?:https?|ssh|git|ftps?|svn|rsync):[\\/]{0,4}([^\s"'`<>,;()[\]{}|^]+)/gi;
/** `git@host:path`, which git takes for ssh. */
const scpLike = /(?<![\w.+/:-])[\w.-]+@([a-z0-9-]+(?:\.[a-z0-9-]+)+):(?=[^\s"'\d])([^\s"'`<>,;()[\]{}|^]+)/gi;
/** `github:user/name`, which npm and its like complete. */
const hosted = /(?<![\w.+-])(github|gitlab|bitbucket|gist):([\w.-]+[^\s"'`<>,;()[\]{}|^]*)/gi;
const hostedBy: Readonly<Record<string, string>> = {
  github: 'github.com',
  gitlab: 'gitlab.com',
  bitbucket: 'bitbucket.org',
  gist: 'gist.github.com',
};

/** Every address of a text whose escapes were read before (see `unescapeText`). Linear. */
export function findAddresses(text: string): readonly Address[] {
  return [
    ...Array.from(text.matchAll(url), ([raw, rest = '']) => parse(raw, rest)),
    ...Array.from(text.matchAll(scpLike), ([raw, host = '', path = '']) => parse(raw, `${host}/${path}`)),
    ...Array.from(text.matchAll(hosted), ([raw, name = '', path = '']) =>
      parse(raw, `${hostedBy[name.toLowerCase()] ?? name}/${path}`),
    ),
  ];
}

/** A dependency by `user/name` alone is one on GitHub, for npm. */
export const findShorthand = (spec: string): readonly Address[] =>
  /^[\w-][\w.-]*\/[\w.-]+(?:#.*)?$/.test(spec) ? [parse(spec, `github.com/${spec}`)] : [];

/** Reads what JSON, TOML and YAML write with a backslash, and joins the lines that one continues. */
export const unescapeText = (text: string): string =>
  text.replace(
    /\\(?:(\r?\n[ \t]*)|u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|U([0-9a-f]{8})|x([0-9a-f]{2})|(\/))/gi,
    (whole, joined?: string, ...codes: readonly (string | undefined)[]) => {
      if (joined !== undefined) return '';
      const code = codes.slice(0, 4).find((one) => one !== undefined);
      return code === undefined ? '/' : characterOf(code, whole);
    },
  );

function characterOf(hex: string, otherwise: string): string {
  const point = Number.parseInt(hex, 16);
  return point <= 0x10ffff ? String.fromCodePoint(point) : otherwise;
}

/** Read as https whatever the scheme: that reader resolves dots, user names and other spellings of a host. */
function parse(raw: string, rest: string): Address {
  const plain = rest.replace(/\\/g, '/').replace(/^([^/]*@)?([^/:@]+):(?!\d)/, '$1$2/');
  try {
    const { host, pathname } = new URL(`https://${plain}`);
    return { raw, host, path: pathname };
  } catch {
    return { raw, host: plain.split('/')[0] ?? plain, path: '/' };
  }
}

/** @param allowed entries as of `DiffPolicy.allowedRegistryHosts` */
export function isAllowedAddress({ host, path }: Address, allowed: readonly string[]): boolean {
  return allowed.some((entry) => {
    const slash = entry.indexOf('/');
    if (slash < 0) return host === entry.toLowerCase();
    const below = entry.slice(slash).replace(/\/+$/, '');
    return host === entry.slice(0, slash).toLowerCase() && (path === below || path.startsWith(`${below}/`));
  });
}
