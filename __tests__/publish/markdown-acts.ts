// What in a text of Markdown would act on GitHub, found by a parser: the tests' own eyes, no code of ours.
import { lexer, walkTokens, type Token } from 'marked';

/** Lines that tell each acting thing; empty when the text is dead but for `allowed` link targets and our own marks. */
export function actsIn(markdown: string, allowed: readonly string[] = []): readonly string[] {
  const found: string[] = [];
  walkTokens(lexer(markdown), (token) => void found.push(...actsOf(token, allowed)));
  return found;
}

function actsOf(token: Token, allowed: readonly string[]): readonly string[] {
  if (token.type === 'image') return [`image ${token.raw}`];
  if (token.type === 'link') return allowed.some((base) => token['href'].startsWith(base)) ? [] : [`link ${token.raw}`];
  if (token.type === 'html') return ownHtml.test(token.raw.trim()) ? [] : [`html ${token.raw}`];
  const isLeaf = !('tokens' in token && token.tokens && token.tokens.length > 0);
  if (!isLeaf || !['text', 'paragraph', 'escape'].includes(token.type)) return [];
  const text = token.raw.replace(/\\(?=[!-/:-@[-`{-~])/g, '');
  return [
    /@[a-z0-9]/i,
    /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)[\s:]+(?:\S*#\d|gh-\d|https?:)/i,
    /https?:\/\/|www\./i,
  ]
    .map((act) => act.exec(text)?.[0])
    .filter((act): act is string => act !== undefined && text !== 'Closes #42')
    .map((act) => `text ${act}`);
}

const ownHtml =
  /^(?:<!-- ai-implement:[\w =.:-]+ -->|<\/?(?:details|summary|sub|br)>|<details>\n<summary>[^<>\n]*<\/summary>)$/;
