// Error answers of chat completions.

/** An error answer. */
export interface ChatError {
  readonly status: number;
  readonly type: string;
  readonly message: string;
  readonly param?: string | null;
  readonly code?: string | null;
}

export const invalid = (message: string, param: string | null = null, code: string | null = null): ChatError => ({
  status: 400,
  type: 'invalid_request_error',
  message,
  param,
  code,
});
