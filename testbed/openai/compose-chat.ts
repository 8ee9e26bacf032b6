// Turns a scripted reply into the chunks that a server would stream for it.
import type { ScriptedBlock, ScriptedMessage } from '../model/script.ts';
import type { Flavour } from './flavours.ts';

export type ChatChunk = Readonly<Record<string, unknown>>;

export interface ChatUsage {
  readonly promptTokens: number;
  readonly cachedTokens: number;
}

export interface ChatFrame {
  readonly id: string;
  readonly model: string;
  readonly flavour: Flavour;
  readonly maxTokens: number;
  readonly usage: ChatUsage;
  readonly asksForUsage: boolean;
  readonly asksForJson: boolean;
}

type Delta = Readonly<Record<string, unknown>>;

/** The chunks in order, the end mark excluded. Ids follow from the request, so the same script gives the same bytes. */
export function composeChat(reply: ScriptedMessage, frame: ChatFrame): readonly ChatChunk[] {
  const refused = reply.stopReason === 'refusal' && frame.flavour.name === 'openai';
  const calls = reply.content.filter((block) => block.type === 'tool_use');
  const deltas: readonly Delta[] = [
    { role: 'assistant', content: '' },
    ...reply.content.flatMap((block) => deltasOfWords(block, frame, refused)),
    ...calls.flatMap((block, index) => deltasOfCall(block, index, frame)),
  ];
  const finish = { ...chunk(frame, {}), choices: [{ index: 0, delta: {}, finish_reason: finishOf(reply, refused) }] };
  const withUsage = frame.asksForUsage && frame.flavour.reportsUsage;
  return [
    ...deltas.map((delta) => chunk(frame, delta)),
    finish,
    ...(withUsage ? [{ ...chunk(frame, {}), choices: [], usage: usageOf(reply, frame) }] : []),
  ];
}

const chunk = ({ id, model }: ChatFrame, delta: Delta): ChatChunk => ({
  id,
  object: 'chat.completion.chunk',
  created: 1_790_000_000,
  model,
  choices: [{ index: 0, delta, finish_reason: null }],
});

function deltasOfWords(block: ScriptedBlock, { flavour, asksForJson }: ChatFrame, refused: boolean): Delta[] {
  if (block.type === 'tool_use') return [];
  if (block.type === 'thinking') {
    if (flavour.thinking === 'hidden') return [];
    const isField = flavour.thinking === 'reasoning_content';
    return isField ? [{ reasoning_content: block.thinking }] : [{ content: `<think>${block.thinking}</think>\n` }];
  }
  // A model that nobody holds to a format wraps its JSON.
  const wrapped = asksForJson && flavour.schemas === 'ignored' && block.text.startsWith('{');
  const words = wrapped ? `Here it is:\n\`\`\`json\n${block.text}\n\`\`\`` : block.text;
  return piecesOf(words).map((piece) => (refused ? { refusal: piece } : { content: piece }));
}

function deltasOfCall(block: Extract<ScriptedBlock, { type: 'tool_use' }>, index: number, frame: ChatFrame): Delta[] {
  const { id, flavour } = frame;
  const json = 'json' in block ? block.json : JSON.stringify(block.input);
  const call = (fields: Readonly<Record<string, unknown>>): Delta => ({ tool_calls: [{ index, ...fields }] });
  const head = { id: `call_${id.slice(9)}_${index}`, type: 'function' };
  if (!flavour.streamsArguments) return [call({ ...head, function: { name: block.name, arguments: json } })];
  return [
    call({ ...head, function: { name: block.name, arguments: '' } }),
    ...piecesOf(json).map((piece) => call({ function: { arguments: piece } })),
  ];
}

const FINISH: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  tool_use: 'tool_calls',
  max_tokens: 'length',
  refusal: 'content_filter',
};

function finishOf({ content, stopReason }: ScriptedMessage, refused: boolean): string {
  if (refused) return 'stop';
  if (stopReason !== undefined) return FINISH[stopReason] ?? stopReason;
  return content.some(({ type }) => type === 'tool_use') ? 'tool_calls' : 'stop';
}

function usageOf({ content, outputTokens }: ScriptedMessage, { usage, maxTokens }: ChatFrame) {
  const counted = outputTokens ?? Math.ceil(Buffer.byteLength(JSON.stringify(content)) / 4);
  const completion = Math.min(counted, maxTokens);
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: completion,
    total_tokens: usage.promptTokens + completion,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens },
    completion_tokens_details: { reasoning_tokens: 0 },
  };
}

const MAX_PIECES = 4;

/** At most four pieces, cut between characters. */
function piecesOf(body: string): string[] {
  const characters = [...body];
  const size = Math.ceil(characters.length / MAX_PIECES);
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; at += size) pieces.push(characters.slice(at, at + size).join(''));
  return pieces;
}
