/** The binary frames of docs/protocol.md, section 3: kind u8, channel u32, seq u64, offset u64, big-endian. */
const OUTPUT = 1;
const SNAPSHOT = 2;
const ACK = 3;
const CHANNEL_AT = 1;
const SEQ_AT = 5;
const OFFSET_AT = 13;
const COLS_AT = 21;
const ROWS_AT = 23;
const OUTPUT_AT = 21;
const SNAPSHOT_AT = 25;
const ACK_BYTES = 13;

/**
 * @param buffer an ArrayBuffer; the delivery's data is a view of it
 * @returns {channel, seq, delivery}, or null for a kind that later hubs send
 */
export function parseFrame(buffer) {
  const frame = new DataView(buffer);
  const kind = frame.getUint8(0);
  if (kind !== OUTPUT && kind !== SNAPSHOT) {
    return null;
  }
  const offset = Number(frame.getBigUint64(OFFSET_AT));
  const delivery =
    kind === OUTPUT
      ? { kind: 'output', data: new Uint8Array(buffer, OUTPUT_AT), offset }
      : {
          kind: 'snapshot',
          data: new Uint8Array(buffer, SNAPSHOT_AT),
          offset,
          cols: frame.getUint16(COLS_AT),
          rows: frame.getUint16(ROWS_AT),
        };
  return { channel: frame.getUint32(CHANNEL_AT), seq: Number(frame.getBigUint64(SEQ_AT)), delivery };
}

/** Acks all of a channel's deliveries up to `seq`. */
export function ackFrame(channel, seq) {
  const frame = new DataView(new ArrayBuffer(ACK_BYTES));
  frame.setUint8(0, ACK);
  frame.setUint32(CHANNEL_AT, channel);
  frame.setBigUint64(SEQ_AT, BigInt(seq));
  return frame.buffer;
}
