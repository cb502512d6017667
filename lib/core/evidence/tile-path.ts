/** Where tiles and entry bundles are stored (https://c2sp.org/tlog-tiles#merkle-tree). */

/** Hashes in a full tile, and entries in a full bundle. */
export const TILE_WIDTH = 256;

/** @param width how many hashes the tile holds; fewer than 256 make it partial */
export function tilePath(level: number, index: number, width = TILE_WIDTH): string {
  return `tile/${level}/${indexPath(index)}${partial(width)}`;
}

/** @param width how many entries the bundle holds; fewer than 256 make it partial */
export function bundlePath(index: number, width = TILE_WIDTH): string {
  return `tile/entries/${indexPath(index)}${partial(width)}`;
}

/** Whether a later object supersedes this one: partials are written anew with each batch, everything else once. */
export function isPartialPath(path: string): boolean {
  return /\.p\/\d+$/.test(path);
}

/** The partial tiles of each level and the partial bundle of a log of `size` entries: its right edge. */
export function partialPaths(size: number): string[] {
  const paths: string[] = [];
  for (let level = 0; TILE_WIDTH ** level <= size; level += 1) {
    const count = Math.floor(size / TILE_WIDTH ** level);
    const width = count % TILE_WIDTH;
    if (width > 0) paths.push(tilePath(level, Math.floor(count / TILE_WIDTH), width));
  }
  const width = size % TILE_WIDTH;
  return width === 0 ? paths : [...paths, bundlePath(Math.floor(size / TILE_WIDTH), width)];
}

// Three digits per element, all but the last prefixed with "x", so that no directory shares a name with a file: 1234067 → "x001/x234/067".
function indexPath(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const elements = padded.match(/\d{3}/g) ?? [];
  return elements.map((element, i) => (i < elements.length - 1 ? `x${element}` : element)).join("/");
}

function partial(width: number): string {
  return width === TILE_WIDTH ? "" : `.p/${width}`;
}
