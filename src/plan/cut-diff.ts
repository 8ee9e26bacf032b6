// A diff in the room that a reviewer has: whole files where they fit, what a program writes last, and what is missing is said.

/** Files that a program writes: reading them costs much and shows little. */
const GENERATED =
  /(^|\/)(dist|build|out|vendor|third_party|node_modules|generated|__generated__|__snapshots__)\/|(^|\/)[^/]*([-.]lock|lock\.(json|ya?ml))$|(^|\/)go\.sum$|\.(min\.(js|css)|map|snap|svg|pb\.go|g\.dart)$|_pb2?\.(py|js|ts)$/;
/** Names of files left out that are listed; the rest is a number. */
const NAMED = 40;
/** A piece of a file shorter than this many characters tells nothing. */
const PIECE = 2_000;

interface FileDiff {
  readonly path: string;
  readonly text: string;
}

/**
 * At most about `most` characters of a unified diff as git writes it. Files keep their order, but generated ones and lock
 * files come last; those that fit are whole, then the first that does not is cut, and the rest is named with its lines.
 */
export function cutDiff(diff: string, most: number): string {
  const files = filesOf(diff).sort((a, b) => Number(GENERATED.test(a.path)) - Number(GENERATED.test(b.path)));
  let left = most;
  const shown: string[] = [];
  const over: FileDiff[] = [];
  for (const file of files) {
    if (file.text.length > left) over.push(file);
    else {
      left -= file.text.length;
      shown.push(file.text);
    }
  }
  const [first, ...rest] = over;
  if (first === undefined) return shown.join('');
  if (left < PIECE || GENERATED.test(first.path)) return [...shown, missing(over)].join('');
  return [...shown, beginning(first, left), ...(rest.length === 0 ? [] : [missing(rest)])].join('');
}

function filesOf(diff: string): FileDiff[] {
  // Lines of content start with a blank, + or -, so this can only be a head.
  return diff.split(/^(?=diff --git )/m).flatMap((text) => {
    const path = /^diff --git .* "?b\/(.+?)"?$/m.exec(text)?.[1];
    return path === undefined ? [] : [{ path, text: text.endsWith('\n') ? text : `${text}\n` }];
  });
}

function beginning({ path, text }: FileDiff, most: number): string {
  const end = text.lastIndexOf('\n', most);
  const rest = text.slice(end + 1);
  return `${text.slice(0, end + 1)}[${path}: ${lines(rest)} more lines of its diff are left out]\n`;
}

function missing(files: readonly FileDiff[]): string {
  const names = files.slice(0, NAMED).map(({ path, text }) => `${path} (${lines(text)} lines)`);
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more files` : '';
  return `[left out for room: ${names.join(', ')}${more}]\n`;
}

const lines = (text: string): number => text.split('\n').length - 1;
