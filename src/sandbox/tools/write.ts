// Tool `write`: a whole file.
import { existsSync } from 'node:fs';
import * as z from 'zod/mini';
import { checkSyntax } from './check-syntax.ts';
import { locateForWriting } from './locate.ts';
import { readBytes } from './read-bytes.ts';
import { defineTool, success } from './tool.ts';
import { countLines, writeText } from './write-text.ts';

export const write = defineTool({
  name: 'write',
  description:
    'Create a file, with its directories, or overwrite one whole. Do not use it for a change in a long file.',
  schema: z.object({ path: z.string(), content: z.string() }),
  async execute({ path, content }, context) {
    const place = locateForWriting(path, context);
    const before = existsSync(place.path) ? readBytes(place).toString() : null;
    writeText(place, content);
    context.shown.noteChanged(place.path, null, content);
    const syntax = await checkSyntax(place.name, before, content, context);
    const lines = `${String(countLines(content))} lines${syntax?.problem === null ? ', syntax ok' : ''}`;
    const did =
      before === null
        ? `Created ${place.name}, ${lines}.`
        : `Overwritten ${place.name}, ${lines} (it had ${String(countLines(before))}).`;
    return success(
      syntax === null || syntax.problem === null ? did : `${did}\nWarning: it does not parse: ${syntax.problem}`,
    );
  },
});
