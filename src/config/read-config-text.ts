// Text of orchestrator-config.json -> value. JSON with comments and trailing commas.
import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode, type ParseError } from 'jsonc-parser';
import type { ConfigPath } from './json-schema.ts';

export interface ConfigText {
  /** Undefined when the text cannot be read. */
  readonly value: unknown;
  /** Syntax errors, each with line and column. */
  readonly problems: readonly string[];
  /** Line of a place (from 1), or of the nearest place around it that the text has. */
  lineOf(path: ConfigPath): number;
}

/** Reads the text; never throws. `name` is how the file is called in problems. */
export function readConfigText(text: string, name: string): ConfigText {
  const errors: ParseError[] = [];
  const root = parseTree(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true });
  return {
    value: root === undefined || errors.length > 0 ? undefined : getNodeValue(root),
    problems: errors.map((error) => `${name}:${position(text, error.offset)}: ${wordsOf(error)}`),
    lineOf: (path) => {
      for (let length = path.length; root !== undefined && length >= 0; length--) {
        const node = findNodeAtLocation(root, path.slice(0, length));
        if (node !== undefined)
          return lineAt(text, node.parent?.type === 'property' ? node.parent.offset : node.offset);
      }
      return 1;
    },
  };
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

function position(text: string, offset: number): string {
  const column = offset - text.lastIndexOf('\n', offset - 1);
  return `${lineAt(text, offset)}:${column}`;
}

/** `CommaExpected` -> `not valid JSON: comma expected`. */
function wordsOf(error: ParseError): string {
  const words = printParseErrorCode(error.error).replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return `not valid JSON: ${words.toLowerCase()}`;
}
