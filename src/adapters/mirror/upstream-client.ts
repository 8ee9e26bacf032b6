// Asks an upstream: a request made by us from end to end, to a listed host at a public address.
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { assertPublicHost, publicLookup, type Resolve } from './public-address.ts';
import { isListed, type Upstreams } from './upstreams.ts';

export interface UpstreamRequest {
  readonly url: URL;
  readonly method: 'GET' | 'HEAD';
  readonly accept: string;
}

export interface UpstreamClient {
  /** The answer, whatever its status; redirects are followed. @throws UpstreamRefused, AddressRefused, errors of the network */
  ask(request: UpstreamRequest): Promise<IncomingMessage>;
  close(): void;
}

export interface UpstreamClientOptions {
  readonly upstreams: Upstreams;
  readonly allowLoopback: boolean;
  readonly resolve?: Resolve | undefined;
}

/** What an upstream answers that is not passed on. */
export class UpstreamRefused extends Error {
  override readonly name = 'UpstreamRefused';
}

/** The Go proxy needs one. */
const maxRedirects = 3;
/** A registry that says nothing for so long is not there. */
const silenceMs = 60_000;
/** At once to each host; a package manager asks for dozens. */
const maxSockets = 24;

/** Nothing of what the client sent: these are all. */
const fixedHeaders = (accept: string): Readonly<Record<string, string>> => ({
  'user-agent': 'ai-implement-mirror',
  accept,
  'accept-encoding': 'gzip',
});

export function createUpstreamClient(options: UpstreamClientOptions): UpstreamClient {
  const { upstreams, allowLoopback } = options;
  const lookup = publicLookup(allowLoopback, options.resolve);
  const agents = {
    http: new HttpAgent({ keepAlive: true, maxSockets, timeout: silenceMs }),
    https: new HttpsAgent({ keepAlive: true, maxSockets, timeout: silenceMs }),
  };

  const send = ({ url, method, accept }: UpstreamRequest): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      assertPublicHost(url.hostname, allowLoopback);
      const common = { method, headers: fixedHeaders(accept), lookup, timeout: silenceMs };
      const sent =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...common, agent: agents.https, rejectUnauthorized: true })
          : httpRequest(url, { ...common, agent: agents.http });
      sent.on('timeout', () => sent.destroy(new UpstreamRefused(`${url.host} was silent for ${silenceMs} ms`)));
      sent.on('error', reject);
      sent.on('response', resolve);
      sent.end();
    });

  const ask = async (request: UpstreamRequest): Promise<IncomingMessage> => {
    let url = request.url;
    for (let redirects = 0; redirects <= maxRedirects; redirects++) {
      if (!isListed(url, upstreams)) throw new UpstreamRefused(`${url.origin} is not a listed host`);
      const reply = await send({ ...request, url });
      const location = reply.headers.location;
      if (!isRedirect(reply.statusCode) || location === undefined) return reply;
      reply.resume();
      url = new URL(location, url);
    }
    throw new UpstreamRefused(`${request.url.host} redirects in circles`);
  };
  const close = (): void => {
    agents.http.destroy();
    agents.https.destroy();
  };
  return { ask, close };
}

const isRedirect = (status: number | undefined): boolean => [301, 302, 303, 307, 308].includes(status ?? 0);

/** The body as it was before it was compressed. */
export function bodyOf(reply: IncomingMessage): Readable {
  if (reply.headers['content-encoding'] !== 'gzip') return reply;
  const plain = createGunzip();
  reply.on('error', (error) => plain.destroy(error));
  return reply.pipe(plain);
}

/** Reads a body whole. @throws UpstreamRefused when it is longer than `maxBytes`, compressed or not */
export async function readBody(reply: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of bodyOf(reply)) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > maxBytes) {
      reply.destroy();
      throw new UpstreamRefused(`an answer is larger than ${maxBytes} bytes`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
