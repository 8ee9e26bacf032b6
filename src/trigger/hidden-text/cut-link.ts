// What a page does not show of links and pictures: titles, the words a picture is described by, and where empty links lead.
import { isPictureName, originOf } from './cut-tag.ts';
import { cutOf, type Cut, type Range } from './cuts.ts';
import type { LinkTail } from './link-parts.ts';

/** The cuts of a link whose text is `inner`. */
export function cutLink(text: string, inner: Range, { address, title }: LinkTail): readonly Cut[] {
  const isEmpty = inner.end - inner.start < 100 && text.slice(inner.start, inner.end).trim() === '';
  return [...cutAddress(text, address, isEmpty), ...cutTitle(text, address, title)];
}

/** What stands between an address and the end of its title. */
export const cutTitle = (text: string, address: Range, title: Range | null): readonly Cut[] =>
  title === null ? [] : [cutOf('link title', text, { start: address.end, end: title.end })];

/** Addresses lead somewhere: to a page, to a person, to a place here. What else is written as one is a text. */
const leading = /^<?(?:mailto:[^\s<>]*|(?![a-z][a-z0-9+.-]*:(?!\/\/|\d))[\w./#?%@+-][^\s<>]*)>?$/i;
/** A longer one is shortened; nobody reads it, but some pages keep all that they show in their address. */
const maxAddressLength = 2000;

/** An address that leads somewhere stays, but where an empty text hides it. */
export function cutAddress(text: string, address: Range, isEmpty = false): readonly Cut[] {
  const said = text.slice(address.start, address.end);
  const leads = leading.test(said);
  if (said === '' || said === '<>' || (leads && !isEmpty && said.length <= maxAddressLength)) return [];
  const instead = originOf(said.replace(/^</, ''));
  if (instead === said) return [];
  const cut = cutOf('link address', text, address, instead);
  return [leads && !isEmpty ? { ...cut, removed: null } : cut];
}

interface Image {
  readonly at: number;
  /** The words in the brackets. */
  readonly inner: Range;
  /** Null where the address stands in a definition. */
  readonly tail: LinkTail | null;
  readonly end?: number;
}

/** A picture as `![](https://host)`: what it is called and where it lies shows on no page. */
export function cutImage(text: string, { at, inner, tail, end }: Image): readonly Cut[] {
  const words = text.slice(inner.start, inner.end);
  const address = tail === null ? '' : text.slice(tail.address.start, tail.address.end).replace(/^</, '');
  const isFile = /^[\w./-]{1,120}\.(?:png|jpe?g|gif|svg|webp|bmp|avif|mp4|mov)$/i.test(address);
  const instead = `![](${isFile ? address : originOf(address)})`;
  const behind = tail?.end ?? end ?? inner.end + 1;
  if (instead === text.slice(at, behind)) return [];
  const title = tail?.title ?? null;
  const told = [isPictureName(words) ? '' : words, title === null ? '' : text.slice(title.start, title.end)];
  const hidden = told.filter((one) => one !== '').join(' ');
  return [{ start: at, end: behind, instead, removed: hidden === '' ? null : { kind: 'image text', text: hidden } }];
}
