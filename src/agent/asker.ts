// Who asks a model, and what for.
import type { Purpose } from '../money/slices.ts';

/** Who asks, for the journal: `agent` is `manager`, `reviewer` or a task id; `turn` counts from 1. */
export interface Asker {
  readonly agent: string;
  readonly role: string;
  readonly turn: number;
  /** `task` unless said. */
  readonly purpose?: Purpose;
}
