// Longer foreign text (what an agent says of its work) as Markdown of ours: parsed, and written again from its leaves.
import { lexer } from 'marked';
import type { Token, Tokens } from 'marked';
import { cut, dropControls, dropInvisible } from './characters.ts';
import { code, dropComments, escapeText, escapeLineStart, foreign } from './foreign.ts';

/** Deeper lists and quotes are shown as plain lines: nobody reads them, and they would let a text grow without end. */
const maxDepth = 3;

/**
 * Foreign Markdown with its paragraphs, lists, code and emphasis, but nothing that acts: HTML and images become text,
 * links become code, headings become bold, mentions and references are broken. Nothing of the source is copied unescaped,
 * so it does not matter where GitHub's parser and ours differ.
 * @param maxLength of the source; longer text ends in an ellipsis. Keep it to a few thousand: parsing is not linear.
 */
export function foreignBlock(text: string, maxLength = 2000): string {
  const source = dropInvisible(dropControls(dropComments(text.slice(0, maxLength * 2)))).trim();
  return blocks(lexer(flatten(cut(source, maxLength)), { gfm: true }), 0).join('\n\n');
}

/** Takes out runs of quote and list marks, which make any parser recurse. */
const flatten = (text: string): string =>
  text.replace(/^(?:[ \t]*(?:[>*+-]|\d{1,9}[.)])){4,}/gm, '').replace(/([*_~[\]])\1{3,}/g, '$1');

function blocks(tokens: readonly Token[], depth: number): readonly string[] {
  return tokens.map((token) => block(token, depth)).filter((lines) => lines !== '');
}

function block(token: Token, depth: number): string {
  if (isList(token)) return depth < maxDepth ? list(token, depth) : foreign(token.raw);
  if (token.type === 'code' && 'text' in token) return fence(String(token.text));
  if (token.type === 'heading') return `**${inline(children(token))}**`;
  if (token.type === 'blockquote')
    return depth < maxDepth ? quote(blocks(children(token), depth + 1)) : foreign(token.raw);
  if (token.type === 'table') return fence(token.raw.trim());
  if (token.type === 'space' || token.type === 'hr' || token.type === 'def') return '';
  if (token.type === 'paragraph' || token.type === 'text') return paragraph(children(token), token);
  return foreign(token.raw);
}

const children = (token: Token): readonly Token[] => ('tokens' in token ? (token.tokens ?? []) : []);

const isList = (token: Token): token is Tokens.List => token.type === 'list' && 'items' in token;

const paragraph = (tokens: readonly Token[], token: Token): string =>
  tokens.length > 0 ? inline(tokens).split('\n').map(escapeFirst).join('\n') : foreign(token.raw);

/** The inline text is escaped already; only what acts at the start of a line is left. Emphasis of ours stays. */
const escapeFirst = (line: string): string => escapeLineStart(line.trimStart());

function list(token: Tokens.List, depth: number): string {
  const items = token.items.map((item, index) => {
    const mark = token.ordered ? `${index + 1}.` : '-';
    const done = item.task ? (item.checked ? '☑ ' : '☐ ') : '';
    return `${mark} ${indent(done + blocks(item.tokens, depth + 1).join(item.loose ? '\n\n' : '\n'), mark.length + 1)}`;
  });
  return items.join('\n');
}

const indent = (text: string, width: number): string => text.replaceAll('\n', `\n${' '.repeat(width)}`);

const quote = (parts: readonly string[]): string =>
  parts
    .join('\n\n')
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');

/** A code block whose fence is longer than any run of backticks inside. */
export function fence(text: string, info = ''): string {
  const longestRun = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const marks = '`'.repeat(longestRun + 1);
  return `${marks}${info}\n${text}\n${marks}`;
}

function inline(tokens: readonly Token[]): string {
  return tokens.map(inlineOne).join('');
}

function inlineOne(token: Token): string {
  switch (token.type) {
    case 'strong':
      return `**${inline(children(token))}**`;
    case 'em':
      return `*${inline(children(token))}*`;
    case 'del':
      return inline(children(token));
    case 'codespan':
      return code('text' in token ? String(token.text) : token.raw);
    case 'br':
      return '\n';
    case 'link':
      return link(token);
    case 'image':
      return `(image: ${escapeText('text' in token ? String(token.text) : '')})`;
    case 'text':
      return children(token).length > 0 ? inline(children(token)) : escapeText(plain(token));
    case 'escape':
      return escapeText(plain(token));
    default:
      return escapeText(token.raw);
  }
}

const plain = (token: Token): string => ('text' in token ? String(token.text) : token.raw);

function link(token: Token): string {
  const href = 'href' in token ? String(token.href) : '';
  const label = inline(children(token));
  return plain(token) === href || label === '' ? code(href) : `${label} (${code(href)})`;
}
