/**
 * Bytes that arrive in chunks of any size, read as if they were one run. The reader asks `has(n)` before it takes n bytes;
 * chunks are joined only when a wanted run crosses their border.
 */
export class ByteFeed {
  /** The run being read: valid from `at` to its end. Both may be read and `at` moved forward by the reader. */
  bytes: Uint8Array = new Uint8Array(0)
  at = 0
  #later: Uint8Array[] = []
  #laterBytes = 0

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    if (this.at === this.bytes.length && this.#later.length === 0) {
      this.bytes = chunk
      this.at = 0
      return
    }
    this.#later.push(chunk)
    this.#laterBytes += chunk.length
  }

  /** How many bytes have arrived and are not yet taken. */
  get left(): number {
    return this.bytes.length - this.at + this.#laterBytes
  }

  /** Whether `count` bytes can be taken now; if so they lie in one piece at `bytes[at]`. */
  has(count: number): boolean {
    if (this.bytes.length - this.at >= count) return true
    if (this.left < count) return false
    this.#join(count)
    return true
  }

  /** The next `count` bytes as a view that is valid until the next call. Call `has` first. */
  take(count: number): Uint8Array {
    const view = this.bytes.subarray(this.at, this.at + count)
    this.at += count
    return view
  }

  /** The next `count` bytes in memory of their own, aligned for any typed array. Call `has` first. */
  copy(count: number): ArrayBuffer {
    const own = new Uint8Array(count)
    own.set(this.take(count))
    return own.buffer
  }

  #join(count: number): void {
    const parts = [this.bytes.subarray(this.at)]
    let size = parts[0]!.length
    while (size < count) {
      const part = this.#later.shift()!
      parts.push(part)
      size += part.length
    }
    const joined = new Uint8Array(size)
    let at = 0
    for (const part of parts) {
      joined.set(part, at)
      at += part.length
    }
    this.#laterBytes -= size - parts[0]!.length
    this.bytes = joined
    this.at = 0
  }
}
