// Refusals in the words and shapes of api.github.com.
import type { Answer } from './types.ts';

const DOCUMENTATION = 'https://docs.github.com/rest';

export interface FieldError {
  readonly resource: string;
  readonly code: 'invalid' | 'custom' | 'missing_field' | 'unprocessable' | 'already_exists';
  readonly field?: string;
  readonly message?: string;
}

/** An error answer with `message`, `documentation_url` and the status as text, as GitHub sends it. */
export function refusal(status: number, message: string, extra: Pick<Answer, 'headers'> = {}): Answer {
  return { status, body: { message, documentation_url: DOCUMENTATION, status: String(status) }, ...extra };
}

/** 422 with `errors[]`. */
export function invalid(...errors: readonly FieldError[]): Answer {
  const body = { message: 'Validation Failed', errors, documentation_url: DOCUMENTATION, status: '422' };
  return { status: 422, body };
}

export const notFound = (): Answer => refusal(404, 'Not Found');
