// The one way out: every text that leaves (log, comment, summary, title, file, prompt) passes here.
import { createSecretFinder, type SecretFinder } from '../secrets/secret-finder.ts';
import { dropControls, zeroWidthSpace } from './characters.ts';
import { fitMarkdown } from './fit-markdown.ts';
import { guardMarkdown } from './guard-markdown.ts';

/** GitHub refuses comments and bodies of more than 65,536 characters; the rest is room for what counts as two. */
export const maxMarkdownLength = 60_000;

export interface Sink {
  /** Lines of a log: redacted, without control characters, and none a workflow command. Commands of ours are added after. */
  log(text: string): string;
  /** A comment or body: redacted, nothing in it acts but our own marks and allowed links, at most 60,000 characters. */
  markdown(text: string): string;
  /** A title, file, terminal text or output: redacted, without control characters. */
  plain(text: string): string;
  /** What knows the secrets: for texts that go to a model, and for telling that one has shown up. */
  readonly secrets: SecretFinder;
}

/**
 * @param options.secrets every credential the process holds (keys, tokens).
 * @param options.allowedLinks base URLs that links in Markdown may lead to, as `https://host/owner/name`.
 */
export function createSink(options: {
  readonly secrets: readonly string[];
  readonly allowedLinks?: readonly string[];
}): Sink {
  const finder = createSecretFinder(options);
  const allowedLinks = options.allowedLinks ?? [];
  const plain = (text: string): string => finder.redact(dropControls(text));
  return {
    secrets: finder,
    plain,
    log: (text) => withoutCommands(plain(text)),
    markdown: (text) => {
      // Guarding adds characters, and working on what is cut anyway would cost time.
      const guarded = guardMarkdown(fitMarkdown(plain(text), maxMarkdownLength), allowedLinks);
      return fitMarkdown(guarded, maxMarkdownLength);
    },
  };
}

/** The runner obeys lines that begin with `::` (after white space) and `##[` anywhere, and decodes %0A, %0D, %3A, %25. */
function withoutCommands(text: string): string {
  return text
    .replace(/^([^\S\n]*):(?=:)/gm, `$1:${zeroWidthSpace}`)
    .replace(/##(?=\[)/g, `##${zeroWidthSpace}`)
    .replace(/%(?=0a|0d|3a|25)/gi, `%${zeroWidthSpace}`);
}
