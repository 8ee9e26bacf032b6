// Methods of classes and objects in scripts. They look like calls, and only their end tells them apart.

const METHOD =
  /^(?: {2,6}|\t\t?)(?:(?:public|private|protected|static|async|override|readonly|get|set)\s+)*\*?(#?[\w$]+)\s*(?:<[^>]*>)?\(([^;]*)$/;
/** Lines that a list of parameters may take. */
const MAX_PARAMETERS = 40;

/** Name of the method that begins on a line (index from 0); null where none does. */
export function methodAt(lines: readonly string[], index: number): string | null {
  const [, name, rest = ''] = METHOD.exec(lines[index] ?? '') ?? [];
  if (name === undefined) return null;
  const after = rest.trimEnd();
  if (after === '' || /(^|[([,])\s*[{[]$/.test(after)) return hasBody(lines, index) ? name : null;
  // What is handed a function is a call: `each(list, (item) => {`.
  const isMethod = after.endsWith('{') && !/(=>|\bfunction\b[\s\w$]*\([^)]*\))\s*\{$/.test(after);
  return isMethod && !/\)[^)]*=[^)]*\{$/.test(after) ? name : null;
}

/** Whether the parentheses that stay open on this line are followed by a body. */
function hasBody(lines: readonly string[], index: number): boolean {
  const indentOf = (line: string): number => line.search(/\S/);
  const indent = indentOf(lines[index] ?? '');
  for (const line of lines.slice(index + 1, index + MAX_PARAMETERS)) {
    if (line.trim() === '' || indentOf(line) > indent) continue;
    return /^\s*[)}\]].*\{\s*$/.test(line);
  }
  return false;
}
