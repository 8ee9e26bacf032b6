// Which addresses are out on the internet: the mirror and the host proxy connect to no others.
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * https://www.iana.org/assignments/iana-ipv4-special-registry: hosts of networks that are not the internet. The three blocks for
 * documentation are left out: nobody's network is there, and closed workplaces hand out their gateways from them.
 */
const special4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/** https://www.iana.org/assignments/iana-ipv6-special-registry, within what is given out at all (2000::/3). */
const special6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

function blockList(networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}

const blocked4 = blockList(special4, 'ipv4');
const blocked6 = blockList(special6, 'ipv6');
const given6 = blockList(['2000::/3'], 'ipv6');
const loopback4 = blockList(['127.0.0.0/8'], 'ipv4');
/** Addresses of IPv4 in IPv6 clothes: mapped ones, and those of a translator (RFC 6052). */
const carries4 = /^(?:::ffff:|64:ff9b::)(.+)$/i;

/** The IPv4 address in the last two groups, whether written in dots or in hexadecimal. */
function embedded4(rest: string): string | null {
  if (isIP(rest) === 4) return rest;
  const [, high = '', low = ''] = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(rest) ?? [];
  if (low === '') return null;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}

/** @param allowLoopback counts this machine as public: for tests, whose servers are there. */
export function isPublicAddress(address: string, allowLoopback: boolean): boolean {
  const family = isIP(address);
  if (family === 4) return !blocked4.check(address) || (allowLoopback && loopback4.check(address));
  if (family !== 6 || address.includes('%')) return false;
  const inner = carries4.exec(address)?.[1];
  if (inner !== undefined) {
    const four = embedded4(inner);
    return four !== null && isPublicAddress(four, allowLoopback);
  }
  if (address === '::1') return allowLoopback;
  return given6.check(address, 'ipv6') && !blocked6.check(address, 'ipv6');
}

/** A name or an address that may not be connected to. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/** Resolves a name as `dns.lookup` with `all` does. */
export type Resolve = (
  hostname: string,
  done: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

const resolveBySystem: Resolve = (hostname, done) => systemLookup(hostname, { all: true }, done);

/**
 * A look-up for `connect`: the addresses that it judges are the ones that the connection is made to, so that a name cannot
 * change its mind in between. One address that is not public is enough to refuse the name.
 */
export function publicLookup(allowLoopback: boolean, resolve: Resolve = resolveBySystem): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      const refused = addresses?.find(({ address }) => !isPublicAddress(address, allowLoopback));
      const [first] = addresses ?? [];
      if (error !== null) callback(error, '');
      else if (refused !== undefined) callback(new AddressRefused(`${hostname} is ${refused.address}`), '');
      else if (first === undefined) callback(new AddressRefused(`${hostname} has no address`), '');
      else if (options.all === true) callback(null, [...addresses]);
      else callback(null, first.address, first.family);
    });
  };
}

/** An address in place of a name is never looked up, so it is judged before. @throws AddressRefused */
export function assertPublicHost(hostname: string, allowLoopback: boolean): void {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0 && !isPublicAddress(bare, allowLoopback)) throw new AddressRefused(`${bare} is not public`);
}
