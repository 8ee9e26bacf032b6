// What the real servers refuse, this one refuses too, with the same status and (nearly) the same words.
import type { Flavour, ModelFacts } from './flavours.ts';
import { invalid, type ChatError } from './chat-error.ts';
import { faultInChat } from './judge-conversation.ts';
import { faultInStrictSchema } from './judge-strict-schema.ts';
import { KNOWN_FIELDS, type ChatRequest } from './wire-chat.ts';

/** Why a request is refused; null when it is not. @param promptTokens as the server counts them */
export function refusalOfChat(request: ChatRequest, flavour: Flavour, promptTokens: number): ChatError | null {
  const facts = Object.hasOwn(flavour.models, request.model) ? flavour.models[request.model] : undefined;
  if (facts === undefined) return unknownModel(request.model, flavour);
  return (
    refusalOfFields(request, flavour) ??
    refusalOfSampling(request, facts) ??
    refusalOfOutput(request, facts, promptTokens) ??
    refusalOfEffort(request, facts) ??
    refusalOfFormat(request, flavour) ??
    refusalOfTools(request) ??
    faultInChat(request.messages, flavour)
  );
}

function unknownModel(model: string, { name }: Flavour): ChatError {
  if (name === 'ollama') return { status: 404, type: 'not_found_error', message: `model '${model}' not found` };
  if (name === 'vllm')
    return { status: 404, type: 'NotFoundError', message: `The model \`${model}\` does not exist.`, param: 'model' };
  const message = `The model \`${model}\` does not exist or you do not have access to it.`;
  return { ...invalid(message, null, 'model_not_found'), status: 404 };
}

function refusalOfFields(request: ChatRequest, { strictFields }: Flavour): ChatError | null {
  const unknown = strictFields ? Object.keys(request).find((name) => !KNOWN_FIELDS.has(name)) : undefined;
  return unknown === undefined ? null : invalid(`Unknown parameter: '${unknown}'.`, unknown, 'unknown_parameter');
}

function refusalOfSampling(request: ChatRequest, { reasoning }: ModelFacts): ChatError | null {
  const sampling = (['temperature', 'top_p'] as const).find((name) => (request[name] ?? 1) !== 1);
  if (!reasoning || sampling === undefined) return null;
  const message = `Unsupported value: '${sampling}' does not support ${request[sampling] ?? ''} with this model. Only the default (1) value is supported.`;
  return invalid(message, sampling, 'unsupported_value');
}

function refusalOfOutput(request: ChatRequest, facts: ModelFacts, promptTokens: number): ChatError | null {
  if (facts.reasoning && request.max_tokens !== undefined && request.max_tokens !== null)
    return invalid(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'max_tokens',
      'unsupported_parameter',
    );
  const asked = request.max_completion_tokens ?? request.max_tokens ?? 0;
  if (promptTokens > facts.contextTokens)
    return invalid(
      `This model's maximum context length is ${facts.contextTokens} tokens. However, your messages resulted in ${promptTokens} tokens.`,
      'messages',
      'context_length_exceeded',
    );
  if (!facts.reasoning && promptTokens + asked > facts.contextTokens)
    return invalid(
      `'max_tokens' or 'max_completion_tokens' is too large: ${asked}. This model's maximum context length is ${facts.contextTokens} tokens and your request has ${promptTokens} input tokens.`,
    );
  return asked <= facts.maxOutputTokens
    ? null
    : invalid(
        `max_tokens is too large: ${asked}. This model supports at most ${facts.maxOutputTokens} completion tokens, whereas you provided ${asked}.`,
        'max_tokens',
        'invalid_value',
      );
}

/** https://developers.openai.com/api/docs/guides/responses-vs-chat-completions: since gpt-5.4. */
function refusalOfEffort(request: ChatRequest, facts: ModelFacts): ChatError | null {
  if (!facts.reasoning) return null;
  const effort = request.reasoning_effort ?? 'medium';
  if (!facts.efforts.includes(effort))
    return invalid(
      `Unsupported value: 'reasoning_effort' does not support '${effort}' with this model. Supported values are: ${facts.efforts.map((one) => `'${one}'`).join(', ')}.`,
      'reasoning_effort',
      'unsupported_value',
    );
  return request.tools === undefined || facts.toolsWithEffort || effort === 'none'
    ? null
    : invalid(
        `Function tools with reasoning_effort are not supported for ${request.model} in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.`,
        'reasoning_effort',
      );
}

function refusalOfFormat({ response_format: format, messages }: ChatRequest, flavour: Flavour): ChatError | null {
  if (format === undefined || flavour.schemas === 'ignored') return null;
  if (format.type === 'json_schema' && flavour.schemas === 'refused')
    return { ...invalid('response_format json_schema needs a guided decoding backend'), type: 'BadRequestError' };
  if (format.type === 'json_object' && !messages.some(({ content }) => /json/i.test(content ?? '')))
    return invalid(
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      'messages',
    );
  const fault =
    format.type === 'json_schema' && format.json_schema.strict === true
      ? faultInStrictSchema(format.json_schema.schema)
      : null;
  return fault === null ? null : invalid(`Invalid schema for response_format 'reply': ${fault}`, 'response_format');
}

function refusalOfTools({ tools, tool_choice }: ChatRequest): ChatError | null {
  return tools === undefined && tool_choice !== undefined
    ? invalid(
        "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
        'tool_choice',
      )
    : null;
}
