// Ids of runs: what belongs together of them.

/**
 * `1234-2` for a run of the action (id and attempt of the workflow's run), `1234-2.3` where that attempt starts it for the
 * third time. Starts of one attempt are one run to people: they share its comments, and none of them waits for another.
 */
export const attemptOf = (runId: string): string => runId.replace(/\.\d+$/, '');

/** The id of a start of an attempt, counted from 1. */
export const startOf = (attempt: string, start: number): string => (start === 1 ? attempt : `${attempt}.${start}`);
