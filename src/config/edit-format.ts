// Which edit tool a model is given: each family edits best in the format it was trained on.
import type { EditFormat } from '../types.ts';
import type { Provider } from './providers.ts';

/** OpenAI's own models, also under a gateway's prefix (`openai/gpt-5.1`). Open-weight ones (`gpt-oss`) are no part of it. */
const OPENAI_FAMILY = /(^|\/)(gpt-\d|chatgpt-|codex-|o\d)/;

/**
 * `apply_patch` for OpenAI's models, `edit` for all others: models that were not trained on patches fail half of them,
 * while any model can name a text and its replacement.
 */
export function editFormatOf(provider: Provider, model: string): EditFormat {
  if (provider === 'anthropic') return 'edit';
  return provider === 'openai' || OPENAI_FAMILY.test(model) ? 'apply_patch' : 'edit';
}
