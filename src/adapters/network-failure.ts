// Failures of the way to a model's service: what never left, and what broke under way. The same for all providers.
import { lostAttempt, type AttemptFailure } from './model-attempt.ts';

/**
 * Sorts an error of sockets, TLS, DNS or undici.
 * @param address where the service was looked for; shown, so without its password
 * @returns null when the error has no code of the network in its causes
 */
export function failureOfNetwork(error: unknown, address: string): AttemptFailure | null {
  const codes = codesOf(error);
  if (codes.some((code) => NEVER_SENT.test(code))) return failureToConnect(error, codes, address);
  return codes.length === 0 ? null : connectionBroke(error);
}

/** The connection broke after the request had left: nobody can tell what it cost. */
export function connectionBroke(error: unknown): AttemptFailure {
  return { ...lostAttempt, message: `the connection broke: ${innermostMessage(error)}` };
}

/** An address as it may be shown: without the name and password it may hold. */
export const shownAddress = (url: string): string => url.replace(/\/\/[^/@]*@/, '//');

function failureToConnect(error: unknown, codes: readonly string[], address: string): AttemptFailure {
  const isAddressDead = codes.some((code) => ADDRESS_DEAD.has(code));
  const question = isAddressDead ? ' (is the address right?)' : '';
  const message = `no connection to ${address}${question}: ${innermostMessage(error)}`;
  return { ...lostAttempt, cost: 'none', isAddressDead, message };
}

/** The name is known nowhere, or the machine has nobody at that port. A name server that is away is EAI_AGAIN. */
const ADDRESS_DEAD: ReadonlySet<string> = new Set(['ENOTFOUND', 'ECONNREFUSED']);

/** Codes of node and undici for a connection that never came about; TLS refusals among them. */
const NEVER_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*)$/;

/** Errors of sockets, TLS, DNS and undici have a code, somewhere in their causes; errors of a program have none. */
const codesOf = (error: unknown): string[] =>
  causes(error).flatMap((cause) => ('code' in cause && typeof cause.code === 'string' ? [cause.code] : []));

function innermostMessage(error: unknown): string {
  const messages = causes(error).flatMap((cause) => ('message' in cause ? String(cause.message) : []));
  return messages.findLast((message) => message !== '') ?? String(error);
}

function causes(error: unknown): object[] {
  const chain: object[] = [];
  for (let at = error; typeof at === 'object' && at !== null && chain.length < 8; at = 'cause' in at ? at.cause : null)
    chain.push(at);
  return chain;
}
