// Runs one tool call on a tree. This is all that the toolhost needs to know of tools.
import type { ToolResult } from '../../ports.ts';
import { type ToolContext, failure } from './tool.ts';
import { servedTools } from './tree-tools.ts';

/**
 * Parses the input by the tool's schema and runs the tool. Never rejects for what the model can mend (unknown tool, bad
 * arguments, refused path, failed command): those are results with `isError`, written for it to act on.
 */
export async function executeTool(name: string, input: unknown, context: ToolContext): Promise<ToolResult> {
  const tool = servedTools.find((candidate) => candidate.definition.name === name);
  if (tool !== undefined) return tool.run(input, context);
  const names = servedTools.map((candidate) => candidate.definition.name).join(', ');
  return failure(`There is no tool \`${name}\` for the project's files. There are: ${names}.`);
}
