// Definitions in a file, by plain patterns. Parsers (tree-sitter with its grammars, ctags as a program) would find a few
// more, but weigh megabytes or need installing, and a map that misses a definition costs one search of the agent.
import { methodAt } from './script-methods.ts';

export interface Definition {
  /** From 1. */
  readonly line: number;
  readonly name: string;
  /** The line as it stands, without indentation and opening brace, cut. */
  readonly text: string;
  readonly indent: number;
}

/** Longer lines are no definitions that people write, and may be made to slow a pattern down. */
const MAX_LINE = 240;
const MAX_TEXT = 110;
const MAX_DEFINITIONS = 600;

const scriptPatterns = [
  /^\s{0,4}(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:async\s+)?function\s*\*?\s*([\w$]+)/,
  /^\s{0,4}(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:const\s+)?(?:class|interface|type|enum|namespace)\s+([\w$]+)/,
  /^(?:export\s+)?(?:declare\s+)?(?:const|let|var)\s+([\w$]+)\s*[:=]/,
  /^(?:module\.)?exports\.([\w$]+)\s*=/,
  /^[\w$]+(?:\.prototype)?\.([\w$]+)\s*=\s*(?:async\s+)?(?:function|\(|class\b)/,
  /^\s{2,4}(?:(?:public|private|protected|static|readonly)\s+)*([\w$#]+)\s*[:=]\s*(?:async\s*)?(?:function\b|\([^)]*\)\s*(?::[^=]*)?=>)/,
];
const pythonPatterns = [/^\s{0,8}(?:async\s+)?(?:def|class)\s+(\w+)/, /^([A-Z_][A-Z0-9_]{2,})\s*[:=]/];
const goPatterns = [/^func\s+(?:\([^)]*\)\s*)?(\w+)/, /^(?:type|var|const)\s+(\w+)/];
const rustPatterns = [
  /^\s{0,8}(?:pub(?:\([^)]*\))?\s+)?(?:(?:async|unsafe|const|default|extern\s+"C")\s+)*(?:fn|struct|enum|trait|type|mod|union|static|const)\s+(\w+)/,
  /^\s*macro_rules!\s+(\w+)/,
  /^impl(?:<[^>]*>)?\s+(?:[\w:<>, ']+\s+for\s+)?(\w+)/,
];
const jvmPatterns = [
  /^\s{0,8}(?:(?:public|private|protected|internal|static|final|abstract|sealed|data|open|inner|partial|case)\s+)*(?:class|interface|enum|record|object|trait|struct|namespace)\s+(\w+)/,
  /^\s{0,8}(?:(?:public|private|protected|internal|override|open|suspend|inline|abstract|final)\s+)*(?:fun|def|func)\s+(?:<[^>]*>\s*)?(?:\w+\.)?(\w+)/,
  /^\s{2,8}(?:(?:public|private|protected|internal|static|final|abstract|override|virtual|async|synchronized|default)\s+)+[\w<>[\],.? ]*?\b(\w+)\s*\(/,
];
const rubyPatterns = [
  /^\s{0,8}def\s+(?:self\.)?([\w?!]+)/,
  /^\s{0,8}(?:class|module)\s+(?:\w+::)*(\w+)/,
  /^\s{0,4}([A-Z][A-Z0-9_]{2,})\s*=/,
];
const phpPatterns = [
  /^\s{0,8}(?:(?:public|private|protected|static|final|abstract)\s+)*function\s+&?(\w+)/,
  /^\s{0,4}(?:(?:final|abstract|readonly)\s+)*(?:class|interface|trait|enum)\s+(\w+)/,
];
const cPatterns = [
  /^#\s*define\s+(\w+)/,
  /^(?:typedef\s+)?(?:struct|class|enum(?:\s+class)?|union|namespace)\s+(\w+)\s*(?:[:{]|$)/,
  /^(?!return|else|if|for|while|switch|using|typedef)[A-Za-z_][\w:*&<>, ]*?[\s*&]((?:\w+::)*~?\w+)\s*\([^;]*$/,
];

const families: readonly (readonly [RegExp, readonly RegExp[]])[] = [
  [/\.([cm]?[jt]sx?|vue|svelte|astro)$/, scriptPatterns],
  [/\.pyi?$/, pythonPatterns],
  [/\.go$/, goPatterns],
  [/\.rs$/, rustPatterns],
  [/\.(java|kts?|scala|cs|swift|groovy)$/, jvmPatterns],
  [/\.(rb|rake)$/, rubyPatterns],
  [/\.php$/, phpPatterns],
  [/\.([ch]|cc|cpp|cxx|hh|hpp|hxx|m|mm)$/, cPatterns],
];

/** Words that stand where a name could, in calls and blocks. */
const KEYWORDS = new Set(
  'if for while switch catch return function else do with new await typeof constructor super'.split(' '),
);

/** Definitions in order of lines; empty for languages that are not known. */
export function definitionsIn(path: string, lines: readonly string[]): Definition[] {
  const patterns = families.find(([ending]) => ending.test(path))?.[1];
  if (patterns === undefined) return [];
  const found: Definition[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.length > MAX_LINE || line.length < 3) continue;
    const name = nameIn(line, patterns) ?? (patterns === scriptPatterns ? methodAt(lines, index) : null);
    if (name === null || KEYWORDS.has(name)) continue;
    found.push({ line: index + 1, name, text: shownLine(line), indent: line.search(/\S/) });
    if (found.length >= MAX_DEFINITIONS) break;
  }
  return found;
}

function nameIn(line: string, patterns: readonly RegExp[]): string | null {
  for (const pattern of patterns) {
    const name = pattern.exec(line)?.[1];
    if (name !== undefined) return name;
  }
  return null;
}

/** A line of code as the map shows it. */
export function shownLine(line: string): string {
  const text = line.trim().replace(/\s*[{(]$/, '');
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}...`;
}
