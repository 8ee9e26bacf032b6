// Words to write the scripted agents with: one turn is a thought and the tool calls that follow from it.
import { readFileSync } from 'node:fs';
import { call, say, type ScriptedBlock, type ScriptedMessage } from '../../testbed/model/script.ts';

/** Small waits make progress visible; a real model takes ten times as long. */
const LATENCY_MS = { least: 150, perCharacter: 0.1, most: 400 };

/** One reply: a thought, then calls. */
export function turn(thought: string, ...calls: readonly ScriptedBlock[]): ScriptedMessage {
  const latencyMs = LATENCY_MS.least + LATENCY_MS.perCharacter * JSON.stringify(calls).length;
  return { ...say(thought, ...calls), latencyMs: Math.min(LATENCY_MS.most, Math.round(latencyMs)) };
}

export const read = (...paths: readonly string[]): ScriptedBlock =>
  call('read', { paths: paths.map((path) => ({ path })) });

export const search = (pattern: string): ScriptedBlock => call('search', { pattern });

export const bash = (command: string): ScriptedBlock => call('bash', { command });

/** Replaces each first text by its second. */
export const edit = (path: string, ...changes: readonly (readonly [old: string, now: string])[]): ScriptedBlock =>
  call('edit', { path, edits: changes.map(([old, now]) => ({ old_string: old, new_string: now })) });

/** Ends the task; `testsRun` and `notes` are what the agent claims. */
export const finish = (summary: string, testsRun: readonly string[], notes = ''): ScriptedBlock =>
  call('finish', { status: 'done', summary, tests_run: testsRun, notes_for_dependents: notes });

/** Files the agents write, read from a directory that mirrors the repository. */
export interface Written {
  text(path: string): string;
  /** A call that writes the file. */
  write(path: string): ScriptedBlock;
}

/** @param directory demo/written */
export function openWritten(directory: string): Written {
  const text = (path: string): string => readFileSync(`${directory}/${path}`, 'utf8');
  return { text, write: (path) => call('write', { path, content: text(path) }) };
}
