/** A record to be appended. Records of one key keep their order. */
export interface NewRecord {
  readonly key: string
  /** Epoch ms. */
  readonly ts: number
  readonly type: string
  /** Schema version of the payload. */
  readonly version: number
  readonly payload: Uint8Array
}

export interface LogRecord extends NewRecord {
  readonly partition: number
  /** 0, 1, 2 … within (topic, partition), without holes. */
  readonly offset: number
}

/** Where a reader begins: at an offset, or at the first record of that time or later. */
export type Position = { readonly offset: number } | { readonly ts: number }

export interface ConsumeOptions {
  /** Where a group without a committed offset begins; `committed` is where it left off, else `earliest`. */
  readonly from: 'committed' | 'earliest' | 'latest' | Position
  /** Most records per batch. */
  readonly batch: number
  /** An empty wait ends after this long and is begun again; it bounds how late a driver without notification learns of a record. */
  readonly maxWaitMs: number
  /** Ends the iteration. */
  readonly signal: AbortSignal
  /** Default: all partitions of the topic. */
  readonly partitions?: readonly number[]
}

/** Records of one partition in order. `next` is the offset to commit once they are dealt with. */
export interface LogBatch {
  readonly topic: string
  readonly partition: number
  readonly records: readonly LogRecord[]
  readonly next: number
}

export interface RetentionPolicy {
  /** Days before this trade date (YYYYMMDD) may go. */
  readonly keepFrom: number
  /** Above this many bytes the oldest days go even if a group has not read them. */
  readonly hardLimitBytes?: number
}

/** One day of one topic group that retention looked at. */
export interface RetentionDecision {
  readonly file: string
  readonly bytes: number
  readonly type: 'dropped' | 'dropped-unread' | 'kept-unread'
  /** The groups that had not read it to its end. */
  readonly behind: readonly string[]
}

/**
 * 流缓冲: an append-only log of topics in partitions, read by consumer groups at their own pace, at least once each. Embedded on SQLite
 * (`tick-log.ts`) or on a server; `stream-log.contract.ts` says in tests what every driver must do.
 *
 * - A batch is appended whole or not at all, also when the process is killed in the middle; when `append` has resolved, the batch survives that.
 * - Offsets of a (topic, partition) are contiguous from 0 over days and restarts.
 * - Consumers are told of records at least once; an effect is made idempotent by its key (topic, partition, offset).
 */
export interface StreamLog {
  /** Appends in one transaction. Resolves to the offset of each record, in the order given. */
  append(topic: string, records: readonly NewRecord[]): Promise<readonly { readonly partition: number; readonly offset: number }[]>
  /** Up to `limit` records from a position on; empty at the end. Begins later when retention dropped what was asked for. */
  range(topic: string, partition: number, from: Position, limit: number): Promise<readonly LogRecord[]>
  consume(topic: string, group: string, options: ConsumeOptions): AsyncIterable<LogBatch>
  /** The group has dealt with everything before `offset`. Going back is allowed: it asks to read again. */
  commit(group: string, topic: string, partition: number, offset: number): Promise<void>
  /** The committed offset; undefined for a group that has none. */
  committed(group: string, topic: string, partition: number): Promise<number | undefined>
  /** Records appended and not yet committed, per `topic/partition` the group ever read. */
  lag(group: string): Promise<Readonly<Record<string, number>>>
  /** The next offset of every partition of a topic. */
  heads(topic: string): Promise<readonly number[]>
  retain(policy: RetentionPolicy): Promise<readonly RetentionDecision[]>
  close(): Promise<void>
}
