// Keeps the one progress comment up to date: edited in place, never more often than allowed, never two edits at once.
import type { Clock, GitHub } from '../ports.ts';
import { saveComment } from './save-comment.ts';

export interface ProgressPublisher {
  /** Something changed; an edit follows when the interval allows it. */
  touch(): void;
  /** Writes the last state and waits for it. Nothing is written afterwards. */
  finish(): Promise<void>;
}

export interface ProgressDeps {
  readonly github: Pick<GitHub, 'findComment' | 'createComment' | 'updateComment'>;
  readonly issueNumber: number;
  /** First lines by which the comment is known that a killed start of the same run has left. */
  readonly markers: readonly string[];
  /** The comment's text for the state of now. */
  readonly render: () => string;
  readonly clock: Clock;
  readonly minIntervalMs: number;
  /** Time before the first text is written: what the run does first is more urgent than telling of it. */
  readonly firstDelayMs: number;
  readonly onSaved: (comment: { id: number; url: string }) => void;
  /** A failed edit does not end a run; it is told once. */
  readonly onFailed: (error: unknown) => void;
}

/** Creates the comment after the first delay, or takes up the one that is there; later calls edit it. */
export function startProgress(deps: ProgressDeps): ProgressPublisher {
  let id: number | null = null;
  let written = '';
  let dirty = true;
  let finished = false;
  let failed = false;
  const wake = new AbortController();

  const save = async (): Promise<void> => {
    dirty = false;
    const body = deps.render();
    if (body === written) return;
    try {
      const saved = await saveComment(deps, id, body);
      if (id === null) deps.onSaved(saved);
      id = saved.id;
      written = body;
    } catch (error) {
      if (!failed) deps.onFailed(error);
      failed = true;
    }
  };
  const keepUp = async (): Promise<void> => {
    await deps.clock.sleep(deps.firstDelayMs, wake.signal).catch(() => undefined);
    while (!finished) {
      if (dirty) await save();
      // An aborted sleep is how `finish` wakes this loop.
      await deps.clock.sleep(deps.minIntervalMs, wake.signal).catch(() => undefined);
    }
  };
  const loop = keepUp();

  return {
    touch() {
      dirty = true;
    },
    async finish() {
      finished = true;
      wake.abort();
      await loop;
      await save();
    },
  };
}
