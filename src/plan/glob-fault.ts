// Globs that a model wrote are matched in the process that holds the credentials: none may keep it busy for ever.

/** Longer than any path that a person would write. */
const maxLength = 300;
/** Two folders of any depth are as much as `src/**` + `/tests/**` needs; each more multiplies the ways to match. */
const maxAnyDepth = 2;
const maxStars = 3;
const maxAlternatives = 32;

/** What is wrong with a glob for the matcher, as the end of a sentence; null when nothing is. */
export function globFault(glob: string): string | null {
  if (glob.length > maxLength) return `is longer than ${maxLength} characters`;
  const parts = glob.split('/');
  if (parts.filter((part) => part.includes('**')).length > maxAnyDepth) return `holds more than ${maxAnyDepth} \`**\``;
  if (parts.some((part) => (part.match(/\*+/g) ?? []).length > maxStars)) {
    return `holds more than ${maxStars} \`*\` in one name`;
  }
  // A folder may be called `(group)`; anything else in brackets is a pattern of regular expressions.
  const plain = parts.map((part) => part.replace(/^\([\w.-]*\)/, '')).join('/');
  if (/[()]|[\]})]\+/.test(plain)) return 'holds patterns in round brackets or `+` behind brackets';
  const alternatives = (glob.match(/\{[^{}]*\}/g) ?? []).reduce((count, group) => count * group.split(',').length, 1);
  return alternatives > maxAlternatives || /\{[^}]*\{/.test(glob) ? 'holds too many alternatives in braces' : null;
}
