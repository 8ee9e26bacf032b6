// `.ai-agents/agents/<id>.md` -> one entry of `agents`: front matter in YAML, the instructions below it.
import { type Document, LineCounter, parseDocument, visit } from 'yaml';
import * as z from 'zod/mini';
import { describeIssues } from './describe-issues.ts';
import { type AgentEntry, agentId, agentSchema } from './schema.ts';

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

export interface AgentFile {
  readonly id: string;
  /** Null when there are problems. */
  readonly entry: AgentEntry | null;
  readonly problems: readonly string[];
}

/** What front matter may say: all of an agent but its instructions, which are the text below. */
const frontMatterSchema = z.omit(agentSchema, { instructions: true });

/** Reads one agent file; never throws. Without front matter the whole text is the instructions. */
export function readAgentFile({ path, text }: TextFile): AgentFile {
  const id = path.replace(/^.*\//, '').replace(/\.md$/, '');
  const [, yaml = '', body = text] = /^\uFEFF?---\r?\n([\s\S]*?\n)?---[ \t]*(?:\r?\n([\s\S]*))?$/.exec(text) ?? [];
  const front = readFrontMatter(path, yaml, id);
  const instructions = body.trim();
  const problems = [
    ...(agentId.safeParse(id).success
      ? []
      : [`${path}: the file name "${id}" is not ${z.globalRegistry.get(agentId)?.title ?? ''}`]),
    ...front.problems,
    ...(instructions === '' ? [`${path}: the instructions (the text below the front matter) are missing`] : []),
  ];
  return { id, entry: problems.length > 0 ? null : { ...front.entry, instructions }, problems };
}

function readFrontMatter(path: string, yaml: string, id: string): { entry: AgentEntry; problems: readonly string[] } {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return `${path}:${line + 1}:${col}: not valid YAML: ${error.message}`;
    });
    return { entry: {}, problems };
  }
  if (hasAlias(document)) return { entry: {}, problems: [`${path}: YAML aliases (*name) are not read here`] };
  const value: unknown = document.toJS() ?? {};
  const parsed = frontMatterSchema.safeParse(value);
  if (parsed.success) return { entry: parsed.data, problems: [] };
  const where = (place: readonly (string | number)[]): string =>
    `${path}: ${place.slice(2).join('.') || 'front matter'}`;
  return { entry: {}, problems: describeIssues(parsed.error.issues, value, where, ['agents', id]) };
}

/** Aliases could blow a few lines up to gigabytes, and no agent needs one. */
function hasAlias(document: Document): boolean {
  let found = false;
  visit(document, {
    Alias: () => {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}
