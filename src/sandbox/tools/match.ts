// A place in a text that an edit replaces.

/** A part of the source (offsets, end exclusive) and what takes its place. */
export interface Match {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}
