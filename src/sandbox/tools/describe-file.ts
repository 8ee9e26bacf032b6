// The words in which a changed file is reported to the model.
import { checkSyntax } from './check-syntax.ts';
import { locateChange, showChange } from './show-change.ts';
import type { ToolContext } from './tool.ts';

export interface ChangedFile {
  readonly name: string;
  /** Null for a new file, whose content the model has just sent: it is not shown. */
  readonly before: string | null;
  readonly after: string;
  /** Whether what stands there now is, character for character, what the model sent. */
  readonly asSent: boolean;
}

/** `did` (`Edited a.ts`) with what the parser says, and below it the change. */
export async function describeFile(
  did: string,
  { name, before, after, asSent }: ChangedFile,
  context: Pick<ToolContext, 'env'>,
): Promise<string> {
  const syntax = await checkSyntax(name, before, after, context);
  const head = syntax?.problem === null ? `${did} (syntax ok)` : did;
  const change = before === null ? null : asSent ? locateChange(before, after) : showChange(before, after);
  const warning = syntax === null || syntax.problem === null ? null : `Warning: it does not parse: ${syntax.problem}`;
  return [`${head}${change === null ? '.' : ':'}`, change, warning].filter((part) => part !== null).join('\n');
}
