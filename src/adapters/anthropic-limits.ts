// What the service says of its models: sizes and features, asked beside the first request and never waited for.
import type Anthropic from '@anthropic-ai/sdk';
import type { ModelPrice } from '../money/model-table.ts';
import type { Clock } from '../ports.ts';
import { fieldsOf, isCount, type Fields } from './json-fields.ts';
import { askWithPatience } from './patience.ts';

/** An answer takes a fraction of a second; a proxy that knows no such path may not answer at all. */
const PATIENCE_MS = 10_000;

export interface ModelLimits {
  /** Asks for a model, once; what goes wrong is silent, as the dated table still holds. */
  ask(model: string): void;
  /** The entry of the table with what the service said; prices are the table's. */
  of(price: ModelPrice, model: string): ModelPrice;
}

/** @see https://platform.claude.com/docs/en/api/models/retrieve */
export function createModelLimits(client: Anthropic, clock: Clock): ModelLimits {
  const known = new Map<string, Fields | null>();
  return {
    ask(model) {
      if (known.has(model)) return;
      known.set(model, null);
      void askWithPatience<unknown>(clock, PATIENCE_MS, (signal) => client.models.retrieve(model, {}, { signal })).then(
        (info) => known.set(model, fieldsOf(info)),
      );
    },
    of: (price, model) => withInfo(price, known.get(model) ?? null),
  };
}

/** Nothing of the answer is believed to be there: a compatible service may leave any of it out. */
function withInfo(price: ModelPrice, info: Fields | null): ModelPrice {
  const { max_input_tokens: window, max_tokens: output, capabilities } = info ?? {};
  const { effort, structured_outputs: schemas } = fieldsOf(capabilities) ?? {};
  return {
    ...price,
    contextWindowTokens: isCount(window) && window > 0 ? window : price.contextWindowTokens,
    maxOutputTokens: isCount(output) && output > 0 ? output : price.maxOutputTokens,
    supportsEffort: isSupported(effort) === null ? price.supportsEffort : takesOurEfforts(effort),
    supportsOutputSchema: isSupported(schemas) ?? price.supportsOutputSchema,
  };
}

/** Null where nothing is said. */
function isSupported(capability: unknown): boolean | null {
  const supported = fieldsOf(capability)?.['supported'];
  return typeof supported === 'boolean' ? supported : null;
}

/** All three that we send; a level that is not told of is there. */
function takesOurEfforts(effort: unknown): boolean {
  const { low, medium, high } = fieldsOf(effort) ?? {};
  return isSupported(effort) === true && [low, medium, high].every((level) => isSupported(level) !== false);
}
