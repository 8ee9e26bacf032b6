// The form of a text file that a change must keep.

export const byteOrderMark = '\ufeff';

/** The line end that most lines have. */
export function mainLineEnd(text: string): string {
  const all = text.split('\n').length - 1;
  const windows = text.split('\r\n').length - 1;
  return windows * 2 > all ? '\r\n' : '\n';
}
