// Reads the server's name out of the first message of TLS, which is sent in the clear (RFC 8446, RFC 6066).

export type ClientHello =
  /** More bytes are needed. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'invalid' }
  | {
      readonly kind: 'hello';
      /** In small letters; null when the client names none. */
      readonly serverName: string | null;
      /** Whether another name may be hidden in it (encrypted client hello, RFC 9849). */
      readonly isEncrypted: boolean;
    };

const incomplete: ClientHello = { kind: 'incomplete' };
const invalid: ClientHello = { kind: 'invalid' };

const handshakeRecord = 22;
const clientHelloMessage = 1;
const serverNameExtension = 0;
const encryptedExtension = 0xfe0d;
/** A hello with post-quantum keys has some 2 kB. */
const maxHelloBytes = 16 * 1024;

/** Takes fields off a buffer from the front; throws RangeError at its end. */
function fieldsOf(bytes: Buffer): { number(size: number): number; take(size: number): Buffer; isEmpty(): boolean } {
  let at = 0;
  const take = (size: number): Buffer => {
    if (at + size > bytes.length) throw new RangeError('the message ends early');
    at += size;
    return bytes.subarray(at - size, at);
  };
  return { number: (size) => take(size).readUIntBE(0, size), take, isEmpty: () => at === bytes.length };
}

/** The handshake's bytes out of its records, as far as they are there; null when it is no TLS. */
function unframe(bytes: Buffer): Buffer | null {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    // After the hello other records may follow at once.
    if (at > 0 && bytes[at] !== handshakeRecord) break;
    if (bytes[at] !== handshakeRecord || (bytes[at + 1] ?? 3) !== 3) return null;
    if (at + 5 > bytes.length) break;
    const end = at + 5 + bytes.readUInt16BE(at + 3);
    parts.push(bytes.subarray(at + 5, end));
    at = end;
  }
  return Buffer.concat(parts);
}

function readExtensions(message: Buffer): ReadonlyMap<number, Buffer> {
  const fields = fieldsOf(message);
  fields.take(2 + 32); // version, random
  fields.take(fields.number(1)); // session
  fields.take(fields.number(2)); // cipher suites
  fields.take(fields.number(1)); // compression
  const found = new Map<number, Buffer>();
  if (fields.isEmpty()) return found;
  const extensions = fieldsOf(fields.take(fields.number(2)));
  while (!extensions.isEmpty()) {
    const type = extensions.number(2);
    if (found.has(type)) throw new RangeError('an extension twice');
    found.set(type, extensions.take(extensions.number(2)));
  }
  return found;
}

function readServerName(extension: Buffer): string {
  const names = fieldsOf(fieldsOf(extension).take(extension.length).subarray(2));
  if (names.number(1) !== 0) throw new RangeError('no host name');
  const name = names.take(names.number(2)).toString('latin1');
  if (!names.isEmpty()) throw new RangeError('more than one name');
  return name.toLowerCase();
}

/** @param bytes all that the client has sent so far */
export function readClientHello(bytes: Buffer): ClientHello {
  const handshake = unframe(bytes);
  if (handshake === null || (handshake.length > 0 && handshake[0] !== clientHelloMessage)) return invalid;
  if (bytes.length > maxHelloBytes) return invalid;
  if (handshake.length < 4) return incomplete;
  const length = handshake.readUIntBE(1, 3);
  if (length > maxHelloBytes) return invalid;
  if (handshake.length < 4 + length) return incomplete;
  try {
    const extensions = readExtensions(handshake.subarray(4, 4 + length));
    const name = extensions.get(serverNameExtension);
    return {
      kind: 'hello',
      serverName: name === undefined ? null : readServerName(name),
      isEncrypted: extensions.has(encryptedExtension),
    };
  } catch (error) {
    if (error instanceof RangeError) return invalid;
    throw error;
  }
}
