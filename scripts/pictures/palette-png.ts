// A browser's screenshot as a PNG with a palette, a third of its size. Flat colors stay as they are; of the shades at the edges of
// letters, those that are alike become one. (PNG specification, sections 9 "Filtering" and 11 "Chunk specifications")
import { crc32, deflateSync, inflateSync } from "node:zlib";

const signature = Buffer.from("89504e470d0a1a0a", "hex");
const largestPalette = 256;

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each pixel as one number. */
  readonly colors: Uint32Array;
}

function chunks(png: Buffer): readonly { readonly type: string; readonly data: Buffer }[] {
  const found = [];
  for (let at = signature.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    found.push({ type: png.toString("latin1", at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return found;
}

/** The predictor of filter type 4: whichever of its neighbors is nearest to left + up - corner. */
function paeth(left: number, up: number, corner: number): number {
  const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** Undoes the filters of the rows in place; each row begins with the number of its filter. */
function unfilter(rows: Buffer, rowLength: number, pixelLength: number): void {
  for (let at = 0; at < rows.length; at++) {
    const column = at % rowLength;
    const filter = rows[at - column] ?? 0;
    if (column === 0 || filter === 0) continue;
    const left = column > pixelLength ? (rows[at - pixelLength] ?? 0) : 0;
    const up = rows[at - rowLength] ?? 0;
    const corner = column > pixelLength ? (rows[at - rowLength - pixelLength] ?? 0) : 0;
    const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
    rows[at] = ((rows[at] ?? 0) + predicted) & 255;
  }
}

/** @throws Error for anything but what a browser writes: eight bits a channel, in color, not interlaced */
function decode(png: Buffer): Pixels {
  const all = chunks(png);
  const header = all.find(({ type }) => type === "IHDR")?.data ?? Buffer.alloc(13);
  const [depth, kind, interlaced] = [header[8], header[9], header[12]];
  if (depth !== 8 || (kind !== 2 && kind !== 6) || interlaced !== 0)
    throw new Error("The picture is not of the kind that a browser writes.");
  const [width, height, pixelLength] = [header.readUInt32BE(0), header.readUInt32BE(4), kind === 2 ? 3 : 4];
  const rowLength = width * pixelLength + 1;
  const rows = inflateSync(Buffer.concat(all.filter(({ type }) => type === "IDAT").map(({ data }) => data)));
  unfilter(rows, rowLength, pixelLength);
  const colors = new Uint32Array(width * height);
  for (let index = 0; index < colors.length; index++) {
    const at = Math.floor(index / width) * rowLength + 1 + (index % width) * pixelLength;
    colors[index] = rows.readUIntBE(at, 3);
  }
  return { width, height, colors };
}

/** Each color's place in the palette, and the palette. A place is shared by colors whose higher bits are the same. */
function palette(colors: Uint32Array): { readonly places: ReadonlyMap<number, number>; readonly shown: number[] } {
  const counts = new Map<number, number>();
  for (const color of colors) counts.set(color, (counts.get(color) ?? 0) + 1);
  const byCount = [...counts].toSorted(([, one], [, other]) => other - one).map(([color]) => color);
  for (let kept = 8; ; kept--) {
    const mask = (0xff << (8 - kept)) & 0xff;
    const places = new Map<number, number>();
    const placeOf = new Map<number, number>();
    const shown: number[] = [];
    for (const color of byCount) {
      const alike = color & (mask * 0x010101);
      const place = placeOf.get(alike) ?? shown.push(color) - 1;
      placeOf.set(alike, place);
      places.set(color, place);
    }
    if (shown.length <= largestPalette) return { places, shown };
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/**
 * @param png a browser's screenshot
 * @returns the same picture in at most 256 colors
 */
export function withPalette(png: Buffer): Buffer {
  const { width, height, colors } = decode(png);
  const { places, shown } = palette(colors);
  const rows = Buffer.alloc((width + 1) * height);
  colors.forEach((color, index) => {
    rows[index + Math.floor(index / width) + 1] = places.get(color) ?? 0;
  });
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const rgb = Buffer.from(shown.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]));
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("PLTE", rgb),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
