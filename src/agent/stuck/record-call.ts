// Turns a call and its result into what the stuck rules compare.
import { createHash } from 'node:crypto';
import type { ToolUseBlock } from '../../messages.ts';
import type { ToolResult } from '../../ports.ts';
import { failureOf, outcomeOf, withoutTimes } from './read-failure.ts';
import type { CallRecord } from './turn-history.ts';

const EDITING: ReadonlySet<string> = new Set(['edit', 'write', 'apply_patch']);

/**
 * The record of a call that was answered.
 * @param known false for a tool that does not exist
 * @param inBackground true once the agent has started a command in the background
 */
export function recordCall(
  { name: tool, input }: ToolUseBlock,
  result: ToolResult,
  known: boolean,
  inBackground: boolean,
): CallRecord {
  const kind = !known || isInvalid(tool, result) ? 'invalid' : outcomeOf(tool, result);
  const failure = failureOf(tool, result);
  const call = digestOf(`${tool} ${canonicalJson(input)}`);
  return {
    tool,
    call,
    result: digestOf(withoutTimes(result.content)),
    kind,
    edits: EDITING.has(tool) ? editedPaths(input) : [],
    changes: kind === 'ok' && EDITING.has(tool),
    looks: kind === 'ok' ? looksOf(tool, input, call) : [],
    failure: failure === null ? null : digestOf(failure),
    waits: inBackground && isWait(tool, input),
  };
}

/** True for a call that starts a command in the background. */
export const startsBackground = ({ name, input }: ToolUseBlock): boolean =>
  name === 'bash' && fieldOf(input, 'background') === true;

// The words with which sandbox/tools/parse-input.ts begins such results.
const isInvalid = (tool: string, { content, isError }: ToolResult): boolean =>
  isError && content.startsWith(`Invalid arguments for ${tool}:`);

function editedPaths(input: unknown): readonly string[] {
  const path = fieldOf(input, 'path');
  if (typeof path === 'string') return [path];
  const patch = fieldOf(input, 'patch');
  if (typeof patch !== 'string') return [];
  return [...patch.matchAll(/^\*\*\* (?:Add|Update|Delete) File: (.+)$/gm)].map(([, name = '']) => name.trim());
}

/** Commands that only show files, where they begin a line or a link of a chain. */
const SHOWS = /(?:^|[;&|\n]\s*)(?:cat|sed -n|head|tail|less|nl|grep|rg|git (?:show|log|diff|blame|grep)|find|ls|awk)\b/;

function looksOf(tool: string, input: unknown, call: string): readonly string[] {
  const { paths, command } = { paths: fieldOf(input, 'paths'), command: fieldOf(input, 'command') };
  if (tool === 'read' && Array.isArray(paths)) return paths.map((range) => digestOf(`look ${canonicalJson(range)}`));
  if (tool === 'search' || tool === 'read') return [call];
  return tool === 'bash' && typeof command === 'string' && SHOWS.test(command.trim()) ? [call] : [];
}

/** A pause, or a look into the log of a command. */
function isWait(tool: string, input: unknown): boolean {
  if (tool === 'read') return JSON.stringify(fieldOf(input, 'paths') ?? '').includes('.ai/logs/');
  const command = fieldOf(input, 'command');
  return tool === 'bash' && typeof command === 'string' && /^\s*sleep\s|\.ai\/logs\//.test(command);
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

const fieldOf = (input: unknown, name: string): unknown =>
  typeof input === 'object' && input !== null ? Object.entries(input).find(([key]) => key === name)?.[1] : undefined;

const digestOf = (text: string): string => createHash('sha1').update(text).digest('base64');
