// Frames of the toolhost's pipe: eight bytes of lengths (header, body), a JSON header, then raw bytes.

export interface Frame {
  readonly header: unknown;
  readonly body: Buffer;
}

/** A listing of some 200,000 files; more than that is no frame of ours. */
const maxHeaderBytes = 64 * 1024 * 1024;

export function encodeFrame(header: unknown, body: readonly Uint8Array[] = []): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(json.length, 0);
  lengths.writeUInt32BE(
    body.reduce((sum, part) => sum + part.length, 0),
    4,
  );
  return Buffer.concat([lengths, json, ...body]);
}

/** Takes chunks as they come and calls back with each whole frame. Throws on a header that is too long or no JSON. */
export function createFrameDecoder(onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let buffered = 0;
  let wanted = 8;
  return (chunk) => {
    chunks.push(chunk);
    buffered += chunk.length;
    while (buffered >= wanted) {
      const all = Buffer.concat(chunks);
      const headerBytes = all.readUInt32BE(0);
      if (headerBytes > maxHeaderBytes) throw new Error(`a frame header of ${headerBytes} bytes`);
      const bodyAt = 8 + headerBytes;
      wanted = bodyAt + all.readUInt32BE(4);
      chunks = [all];
      if (buffered < wanted) return;
      const rest = all.subarray(wanted);
      const frame = { header: JSON.parse(all.toString('utf8', 8, bodyAt)), body: all.subarray(bodyAt, wanted) };
      chunks = [rest];
      buffered = rest.length;
      wanted = 8;
      onFrame(frame);
    }
  };
}
