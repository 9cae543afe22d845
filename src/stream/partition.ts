/** MurmurHash3 (Austin Appleby, public domain), 32 bits, over the UTF-16 code units of an ASCII key taken as bytes. */
export function murmur3(key: string, seed = 0): number {
  let hash = seed
  const blocks = key.length >> 2
  for (let i = 0; i < blocks; i++) {
    const at = i * 4
    const word =
      (key.charCodeAt(at) & 0xff) | ((key.charCodeAt(at + 1) & 0xff) << 8) | ((key.charCodeAt(at + 2) & 0xff) << 16) | ((key.charCodeAt(at + 3) & 0xff) << 24)
    hash ^= scramble(word)
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  let tail = 0
  for (let i = key.length - 1; i >= blocks * 4; i--) tail = (tail << 8) | (key.charCodeAt(i) & 0xff)
  if (key.length & 3) hash ^= scramble(tail)
  hash ^= key.length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** The partition of a key: murmur3(key) mod count (spec intraday §6.1). */
export function partitionOf(key: string, count: number): number {
  return count === 1 ? 0 : murmur3(key) % count
}

function scramble(word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51)
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
}
