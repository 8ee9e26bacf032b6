// What a tool is: a schema (from which the model's JSON schema is made), a description, and what it does.
import type * as z from 'zod/mini';
import type { ToolDefinition, ToolResult } from '../../ports.ts';
import { parseInput } from './parse-input.ts';
import { Refusal } from './refusal.ts';
import type { BackgroundCommands } from '../background-commands.ts';
import type { ShownFiles } from './shown-files.ts';
import { isRecord, toInputSchema } from './tool-schema.ts';

/** Where and for whom a tool works. `logDirectory` lies outside `root`; the model sees it as `.ai/logs`. */
export interface ToolContext {
  readonly root: string;
  /** Globs that `edit` and `write` may touch; empty means all. */
  readonly owns: readonly string[];
  /** Globs that they may not touch, each with who owns it; stronger than `owns`. */
  readonly foreign: readonly {
    readonly glob: string;
    readonly except?: readonly string[] | undefined;
    readonly owner: string;
  }[];
  readonly logDirectory: string;
  /** The whole environment of commands. */
  readonly env: Readonly<Record<string, string>>;
  /** What earlier calls have shown the model of this tree. */
  readonly shown: ShownFiles;
  /** Commands of earlier calls that still run. */
  readonly background: BackgroundCommands;
  readonly signal?: AbortSignal | undefined;
}

export interface Tool {
  readonly definition: ToolDefinition;
  /** Never rejects for what the model can mend: that becomes a result with `isError`. */
  run(input: unknown, context: ToolContext): Promise<ToolResult>;
}

/** Makes a tool of its parts. `execute` gets the parsed input and may throw a Refusal or a system error. */
export function defineTool<Schema extends z.ZodMiniObject>(parts: {
  readonly name: string;
  readonly description: string;
  readonly schema: Schema;
  readonly execute: (input: z.infer<Schema>, context: ToolContext) => Promise<ToolResult>;
}): Tool {
  const { name, description, schema, execute } = parts;
  const definition = { name, description, inputSchema: toInputSchema(schema) };
  return {
    definition,
    async run(input, context) {
      const parsed = parseInput(name, schema, definition.inputSchema, input);
      if (!parsed.ok) return failure(parsed.message);
      try {
        return await execute(parsed.value, context);
      } catch (error) {
        return failure(explain(error, context));
      }
    },
  };
}

export const success = (content: string): ToolResult => ({ content, isError: false });
export const failure = (content: string): ToolResult => ({ content, isError: true });

/** Refusals and system errors (no permission, disk full, name too long) in words; anything else is a bug of ours. */
function explain(error: unknown, context: ToolContext): string {
  if (error instanceof Refusal) return error.message;
  const { syscall, message } = isRecord(error) ? error : {};
  if (typeof syscall !== 'string' || typeof message !== 'string') throw error;
  return message.replaceAll(`${context.root}/`, '');
}
