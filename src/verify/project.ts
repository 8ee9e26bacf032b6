// What checks are worked out from, and what comes out.
import type { CheckSpec } from './run-checks.ts';

/** The files of one folder: paths relative to it. */
export interface Project {
  readonly files: readonly string[];
  readonly readFile: (path: string) => Promise<string | null>;
}

/** How to prepare a tree (null: nothing to install) and what to run in it. */
export interface ProjectChecks {
  readonly setup: string | null;
  readonly checks: readonly CheckSpec[];
}
