// The one text cutter: text that a model will see is cut when it is made, once, and says what is missing.

/** How much to keep, and from where. `headShare` (0 to 1) of the room goes to the beginning, the rest to the end. */
export interface CutLimits {
  readonly maxCharacters: number;
  readonly headShare: number;
  /** Where the whole text can be read; null when it was not kept. */
  readonly logPath: string | null;
}

/** Room set aside for the line that says what was left out. */
const noticeRoom = 160;

/**
 * The text as it is when it fits in `maxCharacters` (UTF-16 units); otherwise its head and tail, whole lines where a line
 * ends near the cut, with one line between them that counts what was left out and names the log. The result never
 * exceeds `maxCharacters` as long as that is at least 400 and the log's path is short.
 */
export function cutOutput(text: string, limits: CutLimits): string {
  if (text.length <= limits.maxCharacters) return text;
  const room = limits.maxCharacters - noticeRoom;
  const headRoom = Math.floor(room * limits.headShare);
  const headEnd = cutBefore(text, headRoom);
  const tailStart = cutAfter(text, text.length - (room - headRoom));
  const left = text.slice(headEnd, tailStart);
  return `${text.slice(0, headEnd)}${notice(left, limits.logPath)}${text.slice(tailStart)}`;
}

/** A line of at most `maxCharacters`, with its length named where it was longer. */
export function cutLine(line: string, maxCharacters: number): string {
  if (line.length <= maxCharacters) return line;
  return `${line.slice(0, wholeCharacter(line, maxCharacters))} [line cut: ${String(line.length)} characters]`;
}

function notice(left: string, logPath: string | null): string {
  const lines = left.split('\n').length - (left.endsWith('\n') ? 1 : 0);
  const where = logPath === null ? '' : `; all of it: ${logPath}`;
  return `\n[... ${String(lines)} lines (${String(left.length)} characters) left out${where} ...]\n`;
}

/** The last line end in the second half before `position`, else `position` itself. */
function cutBefore(text: string, position: number): number {
  const lineEnd = text.lastIndexOf('\n', position - 1);
  return lineEnd >= position / 2 ? lineEnd : wholeCharacter(text, position);
}

/** The first line start in the first half of what follows `position`, else `position` itself. */
function cutAfter(text: string, position: number): number {
  const lineEnd = text.indexOf('\n', position - 1);
  const reach = position + (text.length - position) / 2;
  if (lineEnd !== -1 && lineEnd < reach) return lineEnd + 1;
  const whole = wholeCharacter(text, position);
  return whole < position ? position + 1 : whole;
}

/** `position`, or one less where it would split a surrogate pair (APIs refuse half of one). */
function wholeCharacter(text: string, position: number): number {
  const unit = text.charCodeAt(position - 1);
  return unit >= 0xd800 && unit <= 0xdbff ? position - 1 : position;
}
