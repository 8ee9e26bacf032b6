// What a model service charges for a reply, written down once more from its published rules: nothing of src/money is used.
import type { ModelPrice } from '../../src/money/model-table.ts';
import { noUsage } from '../../src/money/usage.ts';
import type { Usage } from '../../src/types.ts';

/** What became of the input. `dearest`: the dearer of plain and written to the cache. */
export type BilledAs = 'plain' | 'written' | 'read' | 'dearest';

/** A prompt above the size from which it counts as long is dear as a whole, output included. */
export function charge(
  { rates, longPrompt, mayBeUsOnly }: ModelPrice,
  { input, billedAs, output }: { readonly input: number; readonly billedAs: BilledAs; readonly output: number },
): Usage {
  const isLong = longPrompt !== null && input >= longPrompt.aboveTokens + 1;
  const { input: plain, cacheWrite5m: written, cacheRead: read, output: perOutput } = isLong ? longPrompt.rates : rates;
  const perInput = { plain, written, read, dearest: Math.max(plain, written) }[billedAs];
  const parts = { plain: { inputTokens: input }, read: { cacheReadTokens: input } };
  return {
    ...noUsage,
    ...(billedAs === 'plain' || billedAs === 'read' ? parts[billedAs] : { cacheWriteTokens: input }),
    requests: 1,
    outputTokens: output,
    // The dearest there is: in the US alone, where that can be.
    costNanoUsd: Math.ceil(((input * perInput + output * perOutput) * (mayBeUsOnly ? 11 : 10)) / 10),
  };
}
