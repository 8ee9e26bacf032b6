// HTML made by a tag that escapes whatever is put in: the journal holds text that strangers wrote.

/** A piece of finished HTML. Only `html` and `trusted` make one. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Html | null | undefined | false | readonly Value[];

/** Template tag: strings and numbers are escaped, `Html` stands as it is, lists are joined, null, undefined and false are empty. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.map((part, index) => part + write(values[index])).join(''));
}

/** Text of our own that is HTML already (style sheet, script). Never for anything from a journal. */
export const trusted = (text: string): Html => new Html(text);

function write(value: Value): string {
  if (value instanceof Html) return value.text;
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return value.map(write).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters, zero-width ones and those that turn the direction of text: shown, since they can mislead. */
const invisible =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

function escapeHtml(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(invisible, (char) => `⟨U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`)
    .replace(/[&<>"']/g, (char) => entities[char] ?? char);
}

/** A link when the address is plain http(s), else the words alone. */
export function link(url: string | null, words: string | Html): Html {
  return url !== null && /^https?:\/\/[^\s]+$/i.test(url)
    ? html`<a href="${url}" rel="noopener noreferrer">${words}</a>`
    : html`${words}`;
}

/** The id of a task's card: what rows of the timeline and boxes of the graph link to. */
export const taskAnchor = (taskId: string): string => `task-${taskId.replace(/[^\w-]/g, '_')}`;

/** A word with its state in colour; the word itself says the state too. */
export const pill = (tone: Tone, words: string): Html => html`<span class="pill ${tone}">${words}</span>`;

export type Tone = 'good' | 'bad' | 'warn' | 'quiet' | 'busy';

/** A titled part of the page; nothing when there is no content. */
export const section = (id: string, title: string, content: Html | null): Html | null =>
  content &&
  html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section>`;

const maxBlockChars = 20_000;

/** Text as it is, monospaced; the middle of very long text is left out, and that is said. */
export function block(text: string): Html {
  if (text.length <= maxBlockChars) return html`<pre tabindex="0">${text}</pre>`;
  const half = maxBlockChars / 2;
  const left = text.length - maxBlockChars;
  return html`<pre tabindex="0">${text.slice(0, half)}
<b>[${left} characters left out; the journal has them]</b>
${text.slice(-half)}</pre>`;
}
