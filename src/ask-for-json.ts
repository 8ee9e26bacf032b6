// One question to the manager during the work, answered as JSON. It may fail, and then the run goes on without it.
import { askModel, type AskDeps } from './agent/ask-model.ts';
import { systemPrompt } from './agent/system-prompt.ts';
import { toolDefinitionsFor } from './agent/tools/all.ts';
import { limitSentence } from './journal/run-facts.ts';
import type { Message } from './messages.ts';
import { inputUpperBound } from './money/input-bound.ts';
import type { ModelRequest, Reporter } from './ports.ts';
import type { EditFormat, Role } from './types.ts';

export interface JsonQuestion<Reply> {
  readonly role: Role;
  /** Who asks, for the journal. */
  readonly agent: string;
  /** Number of the first call, from 1. */
  readonly turn: number;
  readonly messages: readonly Message[];
  /** Index of the message that ends what all agents share; -1 when the question shares nothing with them. */
  readonly sharedPrefixMessages: number;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly parse: (
    text: string,
  ) => { readonly ok: true; readonly reply: Reply } | { readonly ok: false; readonly faults: readonly string[] };
  /** Most output tokens of the reply, its thinking included. */
  readonly maxTokens: number;
  readonly editFormat: EditFormat;
}

export type JsonAnswer<Reply> =
  | { readonly ok: true; readonly reply: Reply; readonly calls: number }
  /** `why` is one sentence. */
  | { readonly ok: false; readonly why: string; readonly calls: number };

/** Times the question is put, the repair of an unreadable reply included. */
const MAX_CALLS = 2;

/** Asks, and once more when the reply cannot be read. A limit that leaves no room is an answer, not the end of the run. */
export async function askForJson<Reply>(question: JsonQuestion<Reply>, deps: AskDeps): Promise<JsonAnswer<Reply>> {
  const { agent, role, turn } = question;
  const messages = [...question.messages];
  const last =
    messages
      .at(-1)
      ?.content.map((block) => (block.type === 'text' ? block.text : ''))
      .join('\n') ?? '';
  deps.reporter.emit({ type: 'agent.told', agent, turn, text: last });
  let why = '';
  for (let calls = 1; calls <= MAX_CALLS; calls++) {
    const request = requestOf(question, messages);
    const asker = { agent, role: role.id, turn: turn + calls - 1, purpose: 'integrate' as const };
    const answer = await askModel(request, boundOf(request), asker, { ...deps, reporter: quiet(deps.reporter) });
    if (answer.kind === 'limit') return { ok: false, why: limitSentence(answer.limit), calls: calls - 1 };
    if (answer.kind === 'failed') return { ok: false, why: `The model did not answer: ${answer.message}`, calls };
    const text = answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    const parsed = question.parse(text);
    if (parsed.ok) return { ok: true, reply: parsed.reply, calls };
    why = `The reply could not be read: ${parsed.faults.slice(0, 3).join(' ')}`;
    const said = text.trim() === '' ? [{ type: 'text' as const, text: '(no reply)' }] : answer.content;
    messages.push({ role: 'assistant', content: said }, repair(parsed.faults));
  }
  return { ok: false, why, calls: MAX_CALLS };
}

function requestOf(question: JsonQuestion<unknown>, messages: readonly Message[]): ModelRequest {
  const { role, maxTokens, sharedPrefixMessages, schema, editFormat } = question;
  return {
    model: role.model,
    maxTokens: Math.min(role.maxTokens, maxTokens),
    system: systemPrompt,
    tools: toolDefinitionsFor(editFormat),
    toolChoice: 'none',
    messages,
    sharedPrefixMessages,
    outputSchema: schema,
    effort: role.effort,
  };
}

const boundOf = (request: ModelRequest): number =>
  inputUpperBound({ previousTotalTokens: 0, newBytes: 0, firstCallBytes: Buffer.byteLength(JSON.stringify(request)) });

const repair = (faults: readonly string[]): Message => ({
  role: 'user',
  content: [
    { type: 'text', text: `That answer cannot be used:\n${faults.join('\n')}\n\nAnswer again, whole and mended.` },
  ],
});

/** A question that does not fit a limit is left out; that stops nothing, so it is not the limit that stopped the run. */
const quiet = (reporter: Reporter): Reporter => ({
  emit: (event) => {
    if (event.type !== 'limit.reached') reporter.emit(event);
  },
});
