// Of what names are made, and how else code may write them.

/** Parts of a name in lower case: `subCommand_name` to sub, command, name. */
export function nameParts(name: string): string[] {
  const split = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  return split
    .toLowerCase()
    .split(/[\s_$-]+/)
    .filter((part) => part !== '');
}

/** A word in lower case without the ending of its plural; a short one as it is. */
export const singularOf = (word: string): string => (/[^s]s$/.test(word) && word.length > 4 ? word.slice(0, -1) : word);

/** How code may write a name, in lower case: itself, and joined, snake and kebab case of its parts. */
export function needlesOf(name: string, isPlainWord: boolean): string[] {
  const lower = name.toLowerCase();
  // A label stands at the end of a string: `Options:` is found there, and not where a type follows a name.
  if (lower.endsWith(':')) return [`${lower}'`, `${lower}"`, `${lower}\``];
  if (lower.includes(' ') || lower.includes('.')) return [lower];
  // Of a plain word the singular is looked up, which is found in the plural, too.
  if (isPlainWord && singularOf(lower) !== lower) return [singularOf(lower)];
  const of = nameParts(name);
  return [...new Set([lower, of.join(''), of.join('_'), of.join('-')])].filter((needle) => needle !== '');
}
