// When a person has to look again before a run starts: the text was edited late, or holds what its reader did not see.
import { createHash } from 'node:crypto';
import type { IssueEdits } from '../ports.ts';
import type { Confirmation, Trigger } from '../types.ts';
import { filterHiddenText } from './filter-hidden-text.ts';
import { hiddenLines } from './hidden-lines.ts';
import type { RequestText } from './read-issue.ts';

/** Time before the trigger in which an edit may not have been seen by whoever asked, in milliseconds. */
export const lateEditMs = 10 * 60_000;
/** Hidden characters of title and body together from which on a person is asked. Fewer are a byte order mark, a soft hyphen. */
export const maxUnseenCharacters = 40;
/** Of the hash, as it is shown and has to be given at least. */
const shownLength = 12;
/** Of the lines that are shown. */
const maxHiddenLength = 4_000;

export interface AskedRequest {
  readonly trigger: Pick<Trigger, 'source' | 'command' | 'actor' | 'at' | 'snapshot' | 'confirm'>;
  readonly text: Pick<RequestText, 'title' | 'body'>;
  /** Commit that the run would start from. */
  readonly base: string;
  /** Who edited the text, or why that is not known; null when it does not matter, as something is confirmed. */
  readonly edits: IssueEdits | string | null;
  readonly nowMs: number;
}

/** The part of a hash that people are shown. */
const shownHash = (hash: string): string => hash.slice(0, shownLength);

/** sha256 (hex) over the text as it was written and the commit: another text, or another base, is another request. */
const requestHash = ({ title, body }: AskedRequest['text'], base: string): string =>
  createHash('sha256')
    .update(JSON.stringify([title, body, base]))
    .digest('hex');

/** Why nothing was started, in one line. */
export const confirmationReason = ({ reasons, answer }: Confirmation): string =>
  `${reasons.join(' ')} To start the run on the text as it is now, answer \`${answer}\`.`;

/** What has to be confirmed before the run starts; null when it may start. Pure. */
export function neededConfirmation(asked: AskedRequest): Confirmation | null {
  const { trigger, text, base } = asked;
  const hash = requestHash(text, base);
  const { confirm } = trigger;
  if (confirm !== undefined && confirm.length >= shownLength && hash.startsWith(confirm)) return null;
  const title = filterHiddenText(text.title);
  const body = filterHiddenText(text.body);
  const hiddenCharacters = title.hiddenCharacters + body.hiddenCharacters;
  const reasons = [
    ...(confirm === undefined ? lateEdits(asked) : [staleReason(confirm)]),
    ...(hiddenCharacters < maxUnseenCharacters ? [] : [hiddenReason(hiddenCharacters)]),
  ];
  if (reasons.length === 0) return null;
  const lines = [...hiddenLines(text.title, title.text), ...hiddenLines(text.body, body.text)];
  const hidden = hiddenCharacters === 0 ? '' : cutLines(lines.join('\n'));
  return { hash, base, reasons, hidden, answer: answerOf(hash, trigger) };
}

const answerOf = (hash: string, { source, command }: AskedRequest['trigger']): string =>
  source === 'terminal'
    ? `--confirm ${shownHash(hash)}`
    : `/ai-implement ${command === 'plan' ? 'plan ' : ''}confirm ${shownHash(hash)}`;

const staleReason = (confirm: string): string =>
  confirm === ''
    ? 'No hash was given with `confirm`.'
    : `The hash ${shownHash(confirm)} is not that of the request as it is now: its text, or the commit to build on, has changed.`;

const hiddenReason = (count: number): string =>
  `${count} characters of the title and the body are not seen on the page. They are never shown to an agent, but somebody has put them there.`;

function lateEdits({ trigger, edits, nowMs }: AskedRequest): readonly string[] {
  if (edits === null) return [];
  if (typeof edits === 'string') return [`GitHub did not say who edited the text, and when: ${edits}`];
  // At a terminal the person goes by another name than on GitHub; their token does not.
  const own = trigger.source === 'terminal' ? edits.viewer.login : trigger.actor;
  const askedAtMs = trigger.at === null ? nowMs : Date.parse(trigger.at);
  // The text of an event is what it was then; text that is read now may have been edited since.
  const untilMs = trigger.snapshot === null ? Infinity : askedAtMs;
  const late = edits.edits.filter(({ at }) => {
    const atMs = Date.parse(at);
    // A time that cannot be read is never out of the question.
    return !(atMs < askedAtMs - lateEditMs) && !(atMs > untilMs);
  });
  if (late.length > 0 && !edits.isWhole) return ['The text was edited more often than GitHub tells at once.'];
  const foreign = late.filter(({ by }) => by?.toLowerCase() !== own.toLowerCase());
  const told = foreign.map(
    ({ part, at, by }) =>
      `The ${part} was edited by ${by ?? 'an account that is gone'} at ${at}, less than ${lateEditMs / 60_000} minutes before the run was asked for.`,
  );
  return [...new Set(told)].slice(0, 5);
}

function cutLines(text: string): string {
  if (text.length <= maxHiddenLength) return text;
  const left = text.length - maxHiddenLength;
  return `${text.slice(0, maxHiddenLength)}\n… and ${left} more characters: look at the source of the text before you confirm it.`;
}
