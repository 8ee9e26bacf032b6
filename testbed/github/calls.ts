// One API call on its way through the gateway, and what a handler may use to answer it.
import type { Access } from './access.ts';
import type { IssueHistory } from './issue-history.ts';
import type { Emulator } from './emulator.ts';
import type { Answer, Identity, Role } from './types.ts';

export interface Call {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string>>;
  /** `owner/name`; empty for a path that names none. */
  readonly repository: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly identity: Identity | null;
}

export interface Bed {
  readonly url: string;
  readonly access: Access;
  readonly emulator: Emulator;
  /** Who changed the texts of issues, and when: the emulator keeps no such thing. */
  readonly history: IssueHistory;
  directory(repository: string): string;
}

export type Handler = (call: Call, bed: Bed) => Promise<Answer>;

/** An operation of the API as GitHub's description names it, with what it asks of the caller. */
export interface Operation {
  readonly method: string;
  /** `/repos/{owner}/{repo}/...` */
  readonly path: string;
  /** Alternatives for a job's token, each like `issues=write`; empty: a job's token is always refused. */
  readonly accepts: readonly string[];
  /** The least role a person needs on the repository. */
  readonly role: Role;
  readonly answer: Handler;
}

/** Lets the emulator answer, as the caller. */
export const forward: Handler = (call, bed) =>
  bed.emulator.ask(call.identity?.login ?? null, call.method, call.path, call.body);

/** The fields of an answer's or a request's object; none for anything else. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** One field of an object; undefined when there is no object or no such field. */
export const field = (value: unknown, name: string): unknown => fieldsOf(value)[name];

/** `owner` of `owner/name`. */
export const ownerOf = (repository: string): string => repository.split('/')[0] ?? '';
