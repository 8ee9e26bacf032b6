// The text of a request as it is read for names: how much of it, and code apart from prose.
import type { Issue } from '../../types.ts';

export type Request = Pick<Issue, 'title' | 'body' | 'instructions'> & Partial<Pick<Issue, 'comments'>>;

/** Characters of a request that are read for names; a pasted log has no better ones further down. */
const MAX_TEXT = 20_000;
/** Longer runs without a blank are no names (keys, encoded data), and could be made to slow a pattern down. */
const LONG_RUN = /\S{300,}/g;

/** Text of a request as far as it is read for names: title, instructions, body, comments. */
export function requestText({ title, body, instructions, comments }: Request): string {
  const all = [title, instructions, body, ...(comments ?? []).map((comment) => comment.body)].join('\n');
  return all.slice(0, MAX_TEXT).replace(LONG_RUN, ' ');
}

export interface RequestTexts {
  readonly title: string;
  /** Body, instructions and comments without fenced blocks. */
  readonly prose: string;
  /** What stands in fenced blocks. */
  readonly code: string;
}

/** Fenced blocks apart from the rest; addresses are no names. */
export function requestTexts(request: Request): RequestTexts {
  const title = requestText({ title: request.title, body: '', instructions: '' });
  const text = requestText({ ...request, title: '' });
  const blocks: string[] = [];
  const prose = text.replace(/^ *(```|~~~)[^\n]*\n([\s\S]*?)(\n *\1|$(?![\s\S]))/gm, (_all, _fence, block: string) => {
    blocks.push(block);
    return '\n';
  });
  const plain = (part: string): string => part.replace(/https?:\/\/\S+/g, ' ');
  return { title: plain(title), prose: plain(prose), code: plain(blocks.join('\n')) };
}
