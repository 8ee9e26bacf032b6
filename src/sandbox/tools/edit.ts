// Tool `edit`: exact replacements in one file, several at once, all or none.
import * as z from 'zod/mini';
import { applyEdits } from './apply-edits.ts';
import { describeFile } from './describe-file.ts';
import { hintIfStale } from './hint-if-stale.ts';
import { locateForWriting } from './locate.ts';
import { readText } from './read-text.ts';
import { defineTool, failure, success } from './tool.ts';
import { writeText } from './write-text.ts';

export const edit = defineTool({
  name: 'edit',
  description:
    'Replace text in an existing file. Each old_string must match exactly one place, so include enough lines around the change ' +
    '(or set replace_all). Edits apply in order, all or none. Never include the line numbers that `read` shows.',
  schema: z.object({
    path: z.string(),
    edits: z.array(z.object({ old_string: z.string(), new_string: z.string(), replace_all: z.optional(z.boolean()) })),
  }),
  async execute({ path, edits }, context) {
    if (edits.length === 0) return failure('`edits` is empty: give at least one replacement.');
    const place = locateForWriting(path, context);
    const before = readText(place);
    const { text, ways } = hintIfStale(place, before, context.shown, () => applyEdits(before, edits));
    if (text === before) return failure(`Nothing changed: ${place.name} already reads so.`);
    writeText(place, text);
    context.shown.noteChanged(place.path, before, text);
    const asSent = ways.every((way) => way === 'exact');
    const did = `Edited ${place.name}${asSent ? '' : ' (blanks, quotes or indentation differed from old_string)'}`;
    return success(await describeFile(did, { name: place.name, before, after: text, asSent }, context));
  },
});
