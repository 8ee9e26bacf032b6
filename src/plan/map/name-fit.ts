// How names of a request are compared with names of the code.
import type { RequestName } from './request-names.ts';

/** How a name fits a definition: 1 the same but for case and separators, 0.4 a part of it, 0 not. */
export function fitOf(definition: { readonly name: string }, name: RequestName): number {
  const defined = plain(definition.name);
  const wanted = name.needles.map(plain);
  if (wanted.includes(defined)) return 1;
  if (name.isOnlyDefined) return 0;
  return wanted.some((one) => one.length >= 3 && defined.includes(one)) ? 0.4 : 0;
}

/** Without case and separators. */
export const plain = (text: string): string => text.toLowerCase().replace(/[_\-\s.$#]/g, '');
