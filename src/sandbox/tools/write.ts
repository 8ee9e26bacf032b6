// Tool `write`: a whole file.
import { existsSync } from 'node:fs';
import * as z from 'zod';
import { locateForWriting } from './locate.ts';
import { readBytes } from './read-bytes.ts';
import { checkJson } from './show-change.ts';
import { defineTool, success } from './tool.ts';
import { countLines, writeText } from './write-text.ts';

export const write = defineTool({
  name: 'write',
  description:
    'Create a file, with its directories, or overwrite one whole. For a change in an existing file use `edit`.',
  schema: z.object({ path: z.string(), content: z.string() }),
  async execute({ path, content }, context) {
    const place = locateForWriting(path, context);
    const before = existsSync(place.path) ? readBytes(place).toString() : null;
    writeText(place, content);
    const lines = `${String(countLines(content))} lines`;
    const did =
      before === null
        ? `Created ${place.name}, ${lines}.`
        : `Overwritten ${place.name}, ${lines} (it had ${String(countLines(before))}).`;
    return success([did, checkJson(place.name, before, content)].filter(Boolean).join('\n'));
  },
});
