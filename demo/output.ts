// How the demo writes to the terminal: headings, plain lines, and colours only where they are wanted.

export interface Output {
  /** Starts a part of the demo. */
  heading(title: string): void;
  line(text?: string): void;
  /** Writes a whole text, indented. */
  block(text: string): void;
  /** Shows a line of the action's log as the log page of a run would. */
  log(line: string): void;
}

/** @param colours whether the reader is a terminal that shows them */
export function createOutput(write: (line: string) => void, colours: boolean): Output {
  const paint = (code: string, text: string): string => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    heading(title) {
      write('');
      write(paint('1', `== ${title}`));
      write('');
    },
    line: (text = '') => write(text),
    block(text) {
      for (const line of text.trimEnd().split('\n')) write(line === '' ? '' : `  ${line}`);
    },
    log(line) {
      const { name, data } = readCommand(line);
      if (name === null) write(`    ${data}`);
      else if (name === 'group') write(`  ${paint('1', data)}`);
      else if (name === 'error' || name === 'warning') write(`    ${paint(name === 'error' ? '31' : '33', data)}`);
    },
  };
}

/** Workflow commands have a name, and line ends in them are encoded; those that only steer the runner are not worth a line. */
function readCommand(line: string): { readonly name: string | null; readonly data: string } {
  const [, name, data] = /^::([\w-]+)(?: [^:]*)?::(.*)$/.exec(line) ?? [];
  if (name === undefined || data === undefined) return { name: null, data: line };
  const decoded = data.replaceAll('%0D', '').replaceAll('%0A', '\n').replaceAll('%25', '%');
  return { name, data: decoded.replaceAll('\n', '\n    ') };
}

/** https://no-color.org: any value of NO_COLOR that is not empty turns colours off. */
export const wantsColours = (isTerminal: boolean, noColor: string | undefined): boolean =>
  isTerminal && (noColor ?? '') === '';
