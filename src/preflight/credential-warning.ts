// Did the checkout leave a credential behind? Git configuration read as data: git itself is never run for it.

/** One file of configuration, as it is written. */
export interface ConfigText {
  /** As people are told it: `.git/config`. */
  readonly name: string;
  readonly text: string;
}

interface Setting {
  /** In small letters: `http`, `includeif`, `remote`. */
  readonly section: string;
  /** In small letters: `extraheader`, `path`, `url`. */
  readonly key: string;
  readonly value: string;
}

/** Settings of a configuration file, line by line; what is no setting is passed over. The format: git-config(1). */
function settingsOf(text: string): readonly Setting[] {
  const settings: Setting[] = [];
  let section = '';
  for (const line of text.replace(/\\\r?\n/g, '').split('\n')) {
    const [, header, rest = ''] = /^\s*\[\s*([^\s"\]]+)[^\]]*\](.*)$/.exec(line) ?? [];
    if (header !== undefined) section = (header.split('.', 1)[0] ?? '').toLowerCase();
    const [, key, value = ''] = /^\s*([A-Za-z][\w-]*)\s*=\s*(.*?)\s*$/.exec(header === undefined ? line : rest) ?? [];
    if (key !== undefined) settings.push({ section, key: key.toLowerCase(), value: value.replace(/^"(.*)"$/, '$1') });
  }
  return settings;
}

/** Files that the configuration includes, on whatever condition. actions/checkout >= 6 keeps its credential in one. */
export const includedPaths = (text: string): readonly string[] =>
  settingsOf(text).flatMap(({ section, key, value }) =>
    /^include(?:if)?$/.test(section) && key === 'path' && value !== '' ? [value] : [],
  );

/**
 * One warning that names where a credential lies, never the credential; null when none was found. Looked for are
 * `http.*.extraheader` and a name with a password in an address.
 */
export function credentialWarning(texts: readonly ConfigText[]): string | null {
  const found = texts.flatMap(({ name, text }) =>
    settingsOf(text).flatMap((setting) => {
      const what = kindOf(setting);
      return what === null ? [] : [`${what} in \`${name}\``];
    }),
  );
  if (found.length === 0) return null;
  return (
    `The checkout holds a credential (${[...new Set(found)].join(', ')}), which whatever runs in this job can read. Add ` +
    '`persist-credentials: false` under `with:` of the step that uses actions/checkout; we push with a token of our own.'
  );
}

function kindOf({ section, key, value }: Setting): string | null {
  if (section === 'http' && key === 'extraheader' && /authorization\s*:/i.test(value)) return 'an `extraheader`';
  return /^[a-z][a-z0-9+.-]*:\/\/[^\s/@]*:[^\s/@]+@/i.test(value) ? 'a password in an address' : null;
}
