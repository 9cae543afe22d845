import type { LogRecord } from './stream-log.ts'

/** The newest records of one (topic, partition) in memory: what live consumers read without asking the disk. */
export class RecordRing {
  readonly #records: (LogRecord | undefined)[]
  #oldest: number
  #next: number

  /** `next` is the offset the first record will have. */
  constructor(capacity: number, next: number) {
    this.#records = Array.from({ length: capacity }, () => undefined)
    this.#oldest = next
    this.#next = next
  }

  push(record: LogRecord): void {
    this.#records[record.offset % this.#records.length] = record
    this.#next = record.offset + 1
    this.#oldest = Math.max(this.#oldest, this.#next - this.#records.length)
  }

  /** Up to `limit` records from an offset on; undefined when the ring no longer reaches back that far. */
  read(offset: number, limit: number): readonly LogRecord[] | undefined {
    if (offset < this.#oldest) return undefined
    const records: LogRecord[] = []
    for (let at = offset; at < this.#next && records.length < limit; at++) records.push(this.#records[at % this.#records.length]!)
    return records
  }
}
