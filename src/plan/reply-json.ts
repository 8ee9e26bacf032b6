// Replies of the manager as JSON: the schema that is sent, and the text that comes back.
import * as z from 'zod/mini';
import '../schema-messages.ts';

/** A reply in shape, or what is wrong with it, written for the manager to mend. */
export type Parsed<T> = { readonly ok: true; readonly reply: T } | { readonly ok: false; readonly faults: string[] };

/** The JSON schema sent as the output format: objects closed, no `$schema` key. */
export function outputSchemaOf(schema: z.ZodMiniType): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(z.toJSONSchema(schema)).filter(([key]) => key !== '$schema'));
}

/** Reads a reply of the given shape. Faults are named by their path in the reply. */
export function parseReply<T>(schema: z.ZodMiniType<T>, text: string): Parsed<T> {
  let json: unknown;
  try {
    json = JSON.parse(jsonIn(text));
  } catch (error) {
    return { ok: false, faults: [`The reply is not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, reply: parsed.data };
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'reply'}: ${issue.message}`);
  return { ok: false, faults };
}

/** Providers without schema support wrap JSON in a code fence, or in a sentence before and after it. */
function jsonIn(text: string): string {
  if (text.trimStart().startsWith('{')) return text;
  const fenced = /```(?:json)?\s*\n([\s\S]*?)\n\s*```/.exec(text)?.[1];
  if (fenced !== undefined) return fenced;
  const [start, end] = [text.indexOf('{'), text.lastIndexOf('}')];
  return start >= 0 && end > start ? text.slice(start, end + 1) : text;
}
