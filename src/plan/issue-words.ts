// Words of a request that are worth looking up in the code: identifiers and paths first.
import type { Issue } from '../types.ts';

/** Searching for more costs time and blurs the ranking. */
const MAX_WORDS = 12;

/** Identifiers (camelCase, snake_case, kebab-case, dotted, in backquotes), most telling first; no plain words. */
export function issueWords(issue: Pick<Issue, 'title' | 'body' | 'instructions'>): string[] {
  const text = `${issue.title}\n${issue.body}\n${issue.instructions}`;
  const quoted = [...text.matchAll(/`([^`\n]{2,60})`/g)].flatMap(([, inner = '']) => inner.match(/[\w$.-]{3,}/g) ?? []);
  const shaped = text.match(/\b(?:[a-z]+[A-Z]\w+|[A-Z][a-z]+[A-Z]\w*|\w+_\w+|--[\w-]+|\w+\.\w{1,4}\b)/g) ?? [];
  const title = issue.title.match(/\b[A-Za-z][\w-]{4,}/g) ?? [];
  const words = [...quoted, ...shaped, ...title].map((word) => word.replace(/^[.-]+|[.-]+$/g, ''));
  return [...new Set(words.filter((word) => word.length >= 3 && !COMMON.has(word.toLowerCase())))].slice(0, MAX_WORDS);
}

// Words that titles have and code has everywhere.
const COMMON = new Set(
  'about action added adding after allow because before breaks cannot change class const could error every expected false feature fixes function github https implement import index issue lib makes method missing module object option options please return returns should shows src string support test tests there throws undefined using value values version when where which while without working would'.split(
    ' ',
  ),
);
