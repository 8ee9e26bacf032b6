// JSON as models of all kinds write it: wrapped, with a comma too many, with line breaks inside texts. Only the form is
// mended. What was cut off stays broken: a completed half of a file must never be taken for the file.
import { INVALID_JSON_KEY } from './anthropic-reply.ts';
import { fieldsOf, parseJson, type Fields } from './json-fields.ts';

/** Arguments of a call as an object; under INVALID_JSON_KEY, for the tool to refuse, when they are none. */
export function argumentsOf(json: string): Fields {
  if (json.trim() === '') return {};
  const parsed = parseMended(json);
  // Some servers write the arguments out twice.
  const value = typeof parsed === 'string' ? parseMended(parsed) : parsed;
  return fieldsOf(value) ?? { [INVALID_JSON_KEY]: json };
}

/**
 * The JSON object in a text that should be nothing else: as it is, in a code fence, or between other words; null when
 * there is none.
 */
export function objectIn(text: string): string | null {
  const fenced = /```(?:json)?\s*\n([\s\S]*?)\n\s*```/.exec(text)?.[1];
  const [start, end] = [text.indexOf('{'), text.lastIndexOf('}')];
  const between = start >= 0 && end > start ? text.slice(start, end + 1) : undefined;
  for (const candidate of [text, fenced, between]) {
    if (candidate === undefined) continue;
    if (fieldsOf(parseJson(candidate)) !== null) return candidate;
    const mended = mend(candidate);
    if (fieldsOf(parseJson(mended)) !== null) return mended;
  }
  return null;
}

function parseMended(json: string): unknown {
  const parsed = parseJson(json);
  return parsed === undefined ? parseJson(mend(json)) : parsed;
}

/** A text of JSON, with its escapes; or a comma that only a closing bracket follows. */
const TEXT_OR_LAST_COMMA = /"(?:[^"\\]|\\[\s\S])*"|,(?=\s*[\]}])/g;

/** Control characters inside texts are escaped, commas before a closing bracket dropped. */
function mend(json: string): string {
  return json.replace(TEXT_OR_LAST_COMMA, (found) => (found === ',' ? '' : found.replace(CONTROL, escaped)));
}

/** What JSON forbids in a text. */
const CONTROL = /[\u0000-\u001f]/g;

/** As JSON writes it: `\n`, `\t`, `\u0007`. */
const escaped = (character: string): string => JSON.stringify(character).slice(1, -1);
