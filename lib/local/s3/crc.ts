/** The two CRCs that S3 takes and Node does not compute: CRC-32C (RFC 3720, appendix B.4) and CRC-64/NVME. Reflected, byte by byte. */

const CRC32C_POLYNOMIAL = 0x82f63b78;
/** CRC-64/NVME's polynomial, reflected: 0x9a6c9329ac4bc9b5, in two halves, since numbers hold 32 bits at a time. */
const CRC64_HIGH = 0x9a6c9329;
const CRC64_LOW = 0xac4bc9b5;
const ALL_ONES = 0xffffffff;

const crc32cTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) {
    crc = crc & 1 ? (crc >>> 1) ^ CRC32C_POLYNOMIAL : crc >>> 1;
  }
  return crc;
});
const [crc64HighTable, crc64LowTable] = crc64Tables();

export function crc32c(body: Buffer): Buffer {
  let crc = ALL_ONES;
  for (const byte of body) {
    crc = at(crc32cTable, crc ^ byte) ^ (crc >>> 8);
  }
  const digest = Buffer.alloc(4);
  digest.writeUInt32BE((crc ^ ALL_ONES) >>> 0);
  return digest;
}

export function crc64nvme(body: Buffer): Buffer {
  let high = ALL_ONES;
  let low = ALL_ONES;
  for (const byte of body) {
    const index = low ^ byte;
    low = ((low >>> 8) | (high << 24)) ^ at(crc64LowTable, index);
    high = (high >>> 8) ^ at(crc64HighTable, index);
  }
  const digest = Buffer.alloc(8);
  digest.writeUInt32BE((high ^ ALL_ONES) >>> 0, 0);
  digest.writeUInt32BE((low ^ ALL_ONES) >>> 0, 4);
  return digest;
}

function crc64Tables(): readonly [Uint32Array, Uint32Array] {
  const highs = new Uint32Array(256);
  const lows = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let high = 0;
    let low = byte;
    for (let bit = 0; bit < 8; bit++) {
      const odd = low & 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (odd) {
        low ^= CRC64_LOW;
        high ^= CRC64_HIGH;
      }
    }
    highs[byte] = high;
    lows[byte] = low;
  }
  return [highs, lows];
}

function at(table: Uint32Array, index: number): number {
  return table[index & 0xff] ?? 0;
}
