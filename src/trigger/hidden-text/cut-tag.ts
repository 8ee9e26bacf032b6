// What a page shows of an HTML tag: its element, where addresses lead, and whether its content is drawn.
import type { Cut, Removed } from './cuts.ts';

/** Elements that a page takes out or does not draw. */
const undrawn = /^(?:script|style|template|noscript|iframe|object|datalist|title|textarea|noembed|noframes|xmp|head)$/;
const outOfSight =
  /display\s*:\s*none|visibility\s*:\s*hidden|(?:font-size|opacity|height|width)\s*:\s*0|color\s*:|text-indent\s*:\s*-|clip/i;
/** Elements are called so; a longer name may be a sentence. */
const elementName = /^[a-z][\w:.-]{0,23}$/i;

/** Attributes that everybody's pictures and tables have. Short values of them are no message, and are not counted. */
const usual =
  /^(?:open|hidden|collapsed|width|height|align|valign|border|colspan|rowspan|start|type|target|rel|loading|name|dir|lang)$/;
const plainValue = /^[\w%. -]{0,20}$/;

interface Attribute {
  readonly name: string;
  readonly value: string;
  readonly source: string;
}

/**
 * The cut that takes all attributes out but `href` and `src`, of which scheme and host stay. What a reader does not see at
 * once is marked by `hidden` and `collapsed`. Null when the tag may stay as it is.
 */
export function cutTag(text: string, start: number, end: number): Cut | null {
  const tag = text.slice(start, end);
  const [opening = '', element = ''] = /^<\/?([^\s/>]*)/.exec(tag) ?? [];
  if (!elementName.test(element)) {
    return { start, end, instead: '', removed: { kind: 'HTML attribute', text: tag } };
  }
  const attributes = attributesOf(tag, opening.length);
  const kept = opening.startsWith('</') ? [] : keptOf(element.toLowerCase(), attributes);
  if (attributes.length === 0 && kept.length === 0) return null;
  const instead = `${[opening, ...kept].join(' ')}${tag.endsWith('/>') ? '/>' : '>'}`;
  if (instead === tag) return null;
  const gone = attributes.filter((one) => !isUsual(one)).map(({ source }) => source);
  const removed: Removed | null = gone.length === 0 ? null : { kind: 'HTML attribute', text: gone.join(' ') };
  return { start, end, instead, removed };
}

function attributesOf(tag: string, from: number): readonly Attribute[] {
  const pattern = /([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g;
  pattern.lastIndex = from;
  return [...tag.matchAll(pattern)].map(([source, name = '', double, single, bare]) => ({
    name: name.toLowerCase(),
    value: double ?? single ?? bare ?? '',
    source,
  }));
}

/** What stays, each once, in an order of its own: the same tag then comes out the second time. */
function keptOf(element: string, attributes: readonly Attribute[]): readonly string[] {
  const has = (name: string): boolean => attributes.some((one) => one.name === name);
  const styled = attributes.some(({ name, value }) => name === 'style' && outOfSight.test(value));
  const isOpen = element === 'details' && has('open');
  return [
    ...(['href', 'src'] as const).flatMap((name) => {
      const origin = originOf(attributes.find((one) => one.name === name)?.value ?? '');
      return origin === '' ? [] : [`${name}="${origin}"`];
    }),
    ...(isOpen ? ['open'] : []),
    ...(element === 'details' && !isOpen ? ['collapsed'] : []),
    ...(has('hidden') || styled || undrawn.test(element) ? ['hidden'] : []),
  ];
}

/** Scheme and host of an address; empty for one without. */
export const originOf = (address: string): string => /^(?:https?:)?\/\/[\w.:-]{1,253}/i.exec(address.trim())?.[0] ?? '';

function isUsual({ name, value }: Attribute): boolean {
  if (name === 'href' || name === 'src') return originOf(value) !== '' || /^[\w./#-]*$/.test(value);
  return name === 'alt' ? isPictureName(value) : usual.test(name) && plainValue.test(value);
}

/** True for what a picture is called by the service that holds it, or by the one who took it. */
export const isPictureName = (text: string): boolean => /^[\w .:()-]{0,60}$/.test(text);
