/** Reading a log's objects one after another into the same memory. */

/** Common bundles have a few hundred KB. What does not fit gets memory of its own. */
const ROOM_BYTES = 1024 * 1024;

/** A `LogSource`, which may put the bytes into the room that it is given. Each may be used until the room is given again. */
export interface LogReader {
  read(path: string, room?: Buffer): Promise<Uint8Array | undefined>;
}

/**
 * Rooms for things that are read ahead, used in turns. Memory that is taken anew for each bundle of a large log keeps the garbage collector
 * busy for a third of the time.
 *
 * @param count of rooms: when one comes up again, what was read into it must be done with
 */
export function roomsInTurn(count: number): () => Buffer {
  const rooms: Buffer[] = [];
  let next = 0;
  return () => {
    const turn = next % count;
    next += 1;
    rooms[turn] ??= Buffer.allocUnsafeSlow(ROOM_BYTES);
    return rooms[turn];
  };
}
