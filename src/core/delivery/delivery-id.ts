/** [D1] A delivery's id is its chunk's row id * 1024 + its 0-based place: known before anything is written for it. */
const placesPerChunk = 1024n;

/** The id of the delivery at a place of a chunk. Ids are decimal strings because they may exceed 2^53. */
export function deliveryIdOf(chunkId: string, place: number): string {
  return (BigInt(chunkId) * placesPerChunk + BigInt(place)).toString();
}

/** The chunk and the place that a delivery id names. */
export function placeOf(deliveryId: string): { readonly chunkId: string; readonly place: number } {
  const id = BigInt(deliveryId);
  return { chunkId: (id / placesPerChunk).toString(), place: Number(id % placesPerChunk) };
}
