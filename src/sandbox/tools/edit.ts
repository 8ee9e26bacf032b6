// Tool `edit`: exact replacements in one file, several at once, all or none.
import { existsSync } from 'node:fs';
import * as z from 'zod';
import { applyEdits } from './apply-edits.ts';
import { locateForWriting, type Place } from './locate.ts';
import { isBinary, readBytes } from './read-bytes.ts';
import { Refusal } from './refusal.ts';
import { checkJson, showChange } from './show-change.ts';
import { suggestPaths } from './suggest-paths.ts';
import { defineTool, failure, success } from './tool.ts';
import { writeText } from './write-text.ts';

export const edit = defineTool({
  name: 'edit',
  description:
    'Replace text in an existing file. Each old_string must match exactly one place, so include enough lines around the change ' +
    '(or set replace_all). Edits apply in order, all or none. Never include the line numbers that `read` shows.',
  schema: z.object({
    path: z.string(),
    edits: z.array(z.object({ old_string: z.string(), new_string: z.string(), replace_all: z.boolean().optional() })),
  }),
  async execute({ path, edits }, context) {
    if (edits.length === 0) return failure('`edits` is empty: give at least one replacement.');
    const place = locateForWriting(path, context);
    const before = textOf(place);
    const { text, ways } = applyEdits(before, edits);
    if (text === before) return failure(`Nothing changed: ${place.name} already reads so.`);
    writeText(place, text);
    const loose = ways.some((way) => way !== 'exact')
      ? ' (blanks, quotes or indentation differed from old_string)'
      : '';
    const head = `Edited ${place.name}${loose}:`;
    return success([head, showChange(before, text), checkJson(place.name, before, text)].filter(Boolean).join('\n'));
  },
});

function textOf(place: Place): string {
  if (!existsSync(place.path)) {
    throw new Refusal(
      `${place.name} does not exist.${suggestPaths(place.name, place.base)} Use \`write\` for a new file.`,
    );
  }
  const bytes = readBytes(place);
  if (isBinary(bytes)) throw new Refusal(`${place.name} is a binary file.`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal(
      `${place.name} is not UTF-8 text, so an edit would damage it. Use \`bash\` (sed, python) instead.`,
    );
  }
}
