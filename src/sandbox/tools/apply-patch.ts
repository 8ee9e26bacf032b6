// Tool `apply_patch`: changes to several files in the patch format that OpenAI's models are trained on, all or none.
import * as z from 'zod/mini';
import { describeFile } from './describe-file.ts';
import { changeFiles } from './patch/change-files.ts';
import { parsePatch } from './patch/parse-patch.ts';
import { type PlannedChange, planChanges } from './patch/plan-changes.ts';
import { defineTool, failure, success, type ToolContext } from './tool.ts';
import { countLines } from './write-text.ts';

export const applyPatch = defineTool({
  name: 'apply_patch',
  description:
    'Change files by a patch; all of it applies, or nothing. Format:\n' +
    '*** Begin Patch\n*** Update File: src/a.py\n*** Move to: src/b.py (optional)\n@@ class A\n context\n-old\n+new\n context\n' +
    '*** Add File: c.txt\n+line\n*** Delete File: d.txt\n*** End Patch\n' +
    'Give 3 lines of context around each change; each place must be unique: where it is not, put the line that heads its ' +
    'block after @@. Paths are relative to the project.',
  schema: z.object({ patch: z.string() }),
  async execute({ patch }, context) {
    const changes = planChanges(parsePatch(patch), context);
    if (changes.length === 0) return failure('Nothing changed: the files already read so.');
    changeFiles(changes);
    for (const { place, before, text } of changes) context.shown.noteChanged(place.path, before, text);
    const parts = await Promise.all(changes.map((change) => describe(change, context)));
    return success(parts.join('\n'));
  },
});

async function describe({ place, before, text, asSent }: PlannedChange, context: ToolContext): Promise<string> {
  if (text === null) return `Deleted ${place.name}.`;
  const did = before === null ? `Added ${place.name}, ${String(countLines(text))} lines` : `Updated ${place.name}`;
  return describeFile(did, { name: place.name, before, after: text, asSent }, context);
}
