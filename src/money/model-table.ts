// Prices and limits of the models we know, as dated data. Nothing here computes.

/** Nano-dollars per token. One nano-dollar a token is 0.001 US dollars per million tokens, so all prices are integers. */
export interface Rates {
  readonly input: number;
  readonly output: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly cacheRead: number;
}

export interface ModelPrice {
  readonly model: string;
  readonly rates: Rates;
  /** Rates for the whole request once its input, cached or not, is above a size; null when there are none. */
  readonly longPrompt: { readonly aboveTokens: number; readonly rates: Rates } | null;
  readonly contextWindowTokens: number;
  readonly maxOutputTokens: number;
  /** A workspace can have it run in the US alone, without any word in the request; all of it then costs a tenth more. */
  readonly mayBeUsOnly: boolean;
  /** Takes an effort (`output_config.effort`, `reasoning_effort`). */
  readonly supportsEffort: boolean;
  /** Takes a JSON schema for its reply (`output_config.format`, `response_format`). */
  readonly supportsOutputSchema: boolean;
}

/** A price as listed, with the days (UTC, `2026-10-07`) that it holds for: from the first, up to but without the last. */
export interface ListedPrice extends ModelPrice {
  /** Null: ever since the model can be had. */
  readonly validFrom: string | null;
  /** Null: no end is announced. */
  readonly validUntil: string | null;
  /** Page that the price comes from. */
  readonly source: string;
}

/** The day the table was compared with its sources. */
export const PRICES_AS_OF = '2026-11-22';

const anthropicPrices = 'https://platform.claude.com/docs/en/about-claude/pricing';
const openAiPrices = 'https://developers.openai.com/api/docs/pricing';

/** Pages that the numbers come from. */
export const PRICE_SOURCES = [
  anthropicPrices,
  'https://platform.claude.com/docs/en/manage-claude/data-residency',
  'https://platform.claude.com/docs/en/about-claude/models/overview',
  openAiPrices,
  'https://developers.openai.com/api/docs/models',
] as const;

type RateRow = readonly [input: number, output: number, write5m: number, write1h: number, read: number];

const perMillion = ([input, output, write5m, write1h, read]: RateRow): Rates => ({
  input: nano(input),
  output: nano(output),
  cacheWrite5m: nano(write5m),
  cacheWrite1h: nano(write1h),
  cacheRead: nano(read),
});

// The product of a listed price and 1000 is whole; rounding removes what binary fractions add to it.
const nano = (usdPerMillion: number): number => Math.round(usdPerMillion * 1000);

const current = { contextWindowTokens: 1_000_000, maxOutputTokens: 128_000, supportsEffort: true, mayBeUsOnly: true };
const era45 = { contextWindowTokens: 200_000, maxOutputTokens: 64_000, supportsEffort: false, mayBeUsOnly: false };

function row(model: string, rates: RateRow, limits: typeof current, source: string = anthropicPrices): ListedPrice {
  const always = { validFrom: null, validUntil: null, source };
  return { model, rates: perMillion(rates), longPrompt: null, supportsOutputSchema: true, ...limits, ...always };
}

const gpt6 = { ...current, contextWindowTokens: 1_050_000, mayBeUsOnly: false };
const gpt51 = { ...gpt6, contextWindowTokens: 400_000 };

/** OpenAI, standard tier. Above 272,000 input tokens all input costs twice as much, output one and a half times. */
function openAiRow(
  model: string,
  [input, output, write, read]: readonly [number, number, number, number],
): ListedPrice {
  const rates: RateRow = [input, output, write, write, read];
  const long: RateRow = [2 * input, 1.5 * output, 2 * write, 2 * write, 2 * read];
  return { ...row(model, rates, gpt6, openAiPrices), longPrompt: { aboveTokens: 272_000, rates: perMillion(long) } };
}

/** From this day on (UTC) cache reads of claude-sonnet-5-5 cost half as much. */
const SONNET_READS_CHEAPER = '2026-10-07';

/**
 * US dollars per million tokens: input, output, cache write for five minutes, for one hour, cache read.
 */
export const modelTable: readonly ListedPrice[] = [
  row('claude-opus-5-5', [4, 20, 5, 8, 0.2], current),
  { ...row('claude-sonnet-5-5', [2, 10, 2.5, 4, 0.1], current), validFrom: SONNET_READS_CHEAPER },
  { ...row('claude-sonnet-5-5', [2, 10, 2.5, 4, 0.2], current), validUntil: SONNET_READS_CHEAPER },
  {
    ...row('claude-haiku-5-5', [0.1, 0.5, 0.125, 0.2, 0.01], current),
    longPrompt: { aboveTokens: 100_000, rates: perMillion([0.5, 2.5, 0.625, 1, 0.05]) },
  },
  row('claude-opus-5', [5, 25, 6.25, 10, 0.5], current),
  row('claude-fable-5-1', [10, 50, 12.5, 20, 0.25], current),
  row('claude-opus-4-8', [5, 25, 6.25, 10, 0.5], current),
  row('claude-opus-4-7', [5, 25, 6.25, 10, 0.5], current),
  row('claude-opus-4-6', [5, 25, 6.25, 10, 0.5], current),
  row('claude-sonnet-4-6', [3, 15, 3.75, 6, 0.3], { ...current, maxOutputTokens: 64_000 }),
  row('claude-opus-4-5', [5, 25, 6.25, 10, 0.5], { ...era45, supportsEffort: true }),
  row('claude-sonnet-4-5', [3, 15, 3.75, 6, 0.3], era45),
  row('claude-haiku-4-5', [1, 5, 1.25, 2, 0.1], era45),
  openAiRow('gpt-6-sol', [2, 10, 2.5, 0.2]),
  openAiRow('gpt-6-luna', [0.1, 0.5, 0.125, 0.01]),
  openAiRow('gpt-5.6-terra', [2, 12, 2.5, 0.2]),
  openAiRow('gpt-5.6-luna', [0.2, 1.2, 0.25, 0.02]),
  // Writing to the cache costs no more than input here.
  row('gpt-5.1', [1.25, 10, 1.25, 1.25, 0.125], gpt51, openAiPrices),
];
