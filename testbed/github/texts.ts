// Limits on titles and bodies. Source: the 422 answers of api.github.com, quoted word for word.
import type { Answer } from './types.ts';
import { invalid } from './answers.ts';
import { forward, type Call, type Handler } from './calls.ts';

const MAX_BODY_CHARACTERS = 65_536;
const MAX_TITLE_CHARACTERS = 256;

const length = (value: unknown): number => (typeof value === 'string' ? [...value].length : 0);

/** The refusal of a comment that is empty or over 65,536 characters; null when GitHub takes it. */
function refuseComment(call: Call): Answer | null {
  const refuse = (message: string): Answer =>
    invalid({ resource: 'IssueComment', code: 'unprocessable', field: 'data', message });
  if (length(call.body['body']) > MAX_BODY_CHARACTERS)
    return refuse(`Body is too long (maximum is ${String(MAX_BODY_CHARACTERS)} characters)`);
  return String(call.body['body'] ?? '').trim() === '' ? refuse('Body cannot be blank') : null;
}

/** The refusal of an issue's or pull request's texts; null when GitHub takes them. */
export function refuseTexts(call: Call, resource: 'Issue' | 'PullRequest'): Answer | null {
  const { title, body } = call.body;
  if (call.method === 'POST' && String(title ?? '').trim() === '')
    return invalid({ resource, code: 'missing_field', field: 'title' });
  const tooLong = (name: string, limit: number): Answer =>
    invalid({
      resource,
      code: 'custom',
      field: name,
      message: `${name} is too long (maximum is ${String(limit)} characters)`,
    });
  if (length(title) > MAX_TITLE_CHARACTERS) return tooLong('title', MAX_TITLE_CHARACTERS);
  return length(body) > MAX_BODY_CHARACTERS ? tooLong('body', MAX_BODY_CHARACTERS) : null;
}

export const writeComment: Handler = async (call, bed) => refuseComment(call) ?? (await forward(call, bed));
