import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ConsumerGroups } from './consumer-groups.ts'
import { DayFile, type Span } from './day-file.ts'
import { partitionOf } from './partition.ts'
import { RecordRing } from './record-ring.ts'
import type { ConsumeOptions, LogBatch, LogRecord, NewRecord, Position, RetentionDecision, RetentionPolicy, StreamLog } from './stream-log.ts'

export interface TickLogOptions {
  /** Created when absent. One process writes to it; the lease is the caller's. */
  readonly folder: string
  /** The trade date new records belong to. */
  readonly date: TradeDate
  /** Partitions per topic; a topic not named has one. A topic keeps its count for ever. */
  readonly partitions?: Readonly<Record<string, number>>
  /** Records per (topic, partition) held in memory for live readers. Default 4096. */
  readonly ringRecords?: number
}

/** One partition: the offset its next record gets, and its newest records. */
interface Channel {
  next: number
  readonly ring: RecordRing
}

/** One topic group (`md` of `md.stock.tick`): its days, oldest first. The last is the one written to. */
interface Group {
  readonly days: { readonly date: number; readonly file: DayFile }[]
}

/**
 * 流缓冲, embedded: one SQLite file per topic group and trading day, an in-memory ring in front, consumer groups beside them (DECISIONS §2,
 * spec intraday §6.2–6.3). Appends run on the calling thread, one transaction per batch.
 */
export class TickLog implements StreamLog {
  readonly #options: TickLogOptions
  readonly #consumers: ConsumerGroups
  readonly #groups = new Map<string, Group>()
  readonly #topics = new Map<string, readonly Channel[]>()
  #date: TradeDate
  readonly #waiting = new Set<() => void>()
  #isClosed = false

  constructor(options: TickLogOptions) {
    this.#options = options
    this.#date = options.date
    mkdirSync(options.folder, { recursive: true })
    this.#consumers = new ConsumerGroups(join(options.folder, 'groups.sqlite'))
    for (const name of readdirSync(options.folder).toSorted()) {
      const [, group, date] = /^(\w+)-(\d{8})\.sqlite$/.exec(name) ?? []
      if (group === undefined) continue
      const known = this.#groups.get(group) ?? { days: [] }
      known.days.push({ date: Number(date), file: new DayFile(join(options.folder, name)) })
      this.#groups.set(group, known)
    }
    this.roll(options.date)
  }

  /** From now on records belong to `date`. Throws RangeError when a later day has begun: offsets only grow. */
  roll(date: TradeDate): void {
    const latest = Math.max(...[...this.#groups.values()].map(({ days }) => days.at(-1)?.date ?? 0), 0)
    if (date < latest)
      throw new RangeError(`Cannot roll the stream log to ${date}: days only go forward, found records of ${latest}. Use another folder to replay old days`)
    this.#date = tradeDate(date)
  }

  append(topic: string, records: readonly NewRecord[]): Promise<readonly { readonly partition: number; readonly offset: number }[]> {
    return Promise.try(() => this.appendNow(topic, records))
  }

  /** `append` without the promise: it has happened when it returns. */
  appendNow(topic: string, records: readonly NewRecord[]): readonly { readonly partition: number; readonly offset: number }[] {
    if (records.length === 0) return []
    const count = this.#partitions(topic)
    const file = this.#dayFile(groupOf(topic))
    const channels = this.#channels(topic)
    const partitions = new Uint16Array(records.length)
    const offsets = new Float64Array(records.length)
    const ahead = new Float64Array(count)
    for (let i = 0; i < records.length; i++) {
      const partition = partitionOf(records[i]!.key, count)
      partitions[i] = partition
      offsets[i] = channels[partition]!.next + ahead[partition]!++
    }
    file.append(topic, records, partitions, offsets)
    const places: { readonly partition: number; readonly offset: number }[] = []
    for (let i = 0; i < records.length; i++) {
      const { key, ts, type, version, payload } = records[i]!
      const partition = partitions[i]!
      const offset = offsets[i]!
      const channel = channels[partition]!
      channel.ring.push({ key, ts, type, version, payload, partition, offset })
      channel.next = offset + 1
      places.push({ partition, offset })
    }
    for (const wake of this.#waiting) wake()
    return places
  }

  range(topic: string, partition: number, from: Position, limit: number): Promise<readonly LogRecord[]> {
    return Promise.try(() => this.#read(topic, partition, this.#offsetOf(topic, partition, from), limit))
  }

  async *consume(topic: string, group: string, options: ConsumeOptions): AsyncGenerator<LogBatch> {
    const { signal, batch, maxWaitMs } = options
    const partitions = options.partitions ?? Array.from({ length: this.#partitions(topic) }, (_, i) => i)
    const cursors = new Map(partitions.map((partition) => [partition, this.#begin(topic, group, partition, options.from)]))
    while (!signal.aborted && !this.#isClosed) {
      let isIdle = true
      for (const [partition, offset] of cursors) {
        const records = this.#read(topic, partition, offset, batch)
        if (records.length === 0) continue
        isIdle = false
        const next = records.at(-1)!.offset + 1
        cursors.set(partition, next)
        yield { topic, partition, records, next }
        if (signal.aborted || this.#isClosed) return
      }
      if (isIdle) await this.#appended(maxWaitMs, signal)
    }
  }

  commit(group: string, topic: string, partition: number, offset: number): Promise<void> {
    return Promise.try(() => this.#consumers.commit(group, topic, partition, offset))
  }

  committed(group: string, topic: string, partition: number): Promise<number | undefined> {
    return Promise.try(() => this.#consumers.committed(group, topic, partition))
  }

  lag(group: string): Promise<Readonly<Record<string, number>>> {
    const behind = this.#consumers
      .positions(group)
      .map(({ topic, partition, committed }) => [`${topic}/${partition}`, this.#channel(topic, partition).next - committed])
    return Promise.resolve(Object.fromEntries(behind) as Record<string, number>)
  }

  heads(topic: string): Promise<readonly number[]> {
    return Promise.resolve(Array.from({ length: this.#partitions(topic) }, (_, partition) => this.#channel(topic, partition).next))
  }

  retain({ keepFrom, hardLimitBytes = Infinity }: RetentionPolicy): Promise<readonly RetentionDecision[]> {
    const positions = this.#consumers.positions()
    const decisions: RetentionDecision[] = []
    let total = [...this.#groups.values()].flatMap(({ days }) => days).reduce((sum, { file }) => sum + bytesOf(file.path), 0)
    const past = [...this.#groups.values()].flatMap((group) =>
      group.days.filter(({ date }) => date < keepFrom && date < this.#date).map((day) => ({ group, day })),
    )
    // Oldest days first over all groups, so that a hard limit takes what is least needed.
    for (const { group, day } of past.toSorted((a, b) => a.day.date - b.day.date)) {
      const spans = day.file.spans().filter(({ from, to }) => to > from)
      const behind = [...new Set(positions.filter((position) => spans.some((span) => isBehind(position, span))).map((position) => position.group))]
      const bytes = bytesOf(day.file.path)
      const type = behind.length === 0 ? 'dropped' : total > hardLimitBytes ? 'dropped-unread' : 'kept-unread'
      decisions.push({ file: day.file.path, bytes, type, behind })
      if (type === 'kept-unread') continue
      total -= bytes
      this.#keepHeads(group, day)
      day.file.close()
      for (const suffix of ['', '-wal', '-shm']) rmSync(day.file.path + suffix, { force: true })
    }
    return Promise.resolve(decisions)
  }

  /** Consumers end; what was appended stays. May be called twice. */
  close(): Promise<void> {
    this.#isClosed = true
    for (const wake of this.#waiting) wake()
    for (const { days } of this.#groups.values()) for (const { file } of days) file.close()
    this.#groups.clear()
    this.#consumers.close()
    return Promise.resolve()
  }

  /** The file of the day, begun where the day before ended. */
  #dayFile(name: string): DayFile {
    const group = this.#groups.get(name) ?? { days: [] }
    this.#groups.set(name, group)
    const last = group.days.at(-1)
    if (last?.date === this.#date) return last.file
    const file = new DayFile(join(this.#options.folder, `${name}-${this.#date}.sqlite`))
    file.begin(last?.file.spans() ?? [])
    group.days.push({ date: this.#date, file })
    return file
  }

  /** The last file of a group carries its offsets; before it goes, the next day's file must exist to remember them. */
  #keepHeads(group: Group, day: Group['days'][number]): void {
    if (group.days.at(-1) === day) this.#dayFile(/([^/\\]+)-\d{8}\.sqlite$/.exec(day.file.path)![1]!)
    group.days.splice(group.days.indexOf(day), 1)
  }

  #channels(topic: string): readonly Channel[] {
    const known = this.#topics.get(topic)
    if (known !== undefined) return known
    const channels = Array.from({ length: this.#partitions(topic) }, (_, partition) => {
      const next = this.#spans(topic, partition).at(-1)?.span.to ?? 0
      return { next, ring: new RecordRing(this.#options.ringRecords ?? 4096, next) }
    })
    this.#topics.set(topic, channels)
    return channels
  }

  #channel(topic: string, partition: number): Channel {
    const channel = this.#channels(topic)[partition]
    if (channel === undefined) throw new RangeError(`Cannot read partition ${partition} of ${topic}: it has partitions 0 to ${this.#partitions(topic) - 1}`)
    return channel
  }

  #read(topic: string, partition: number, offset: number, limit: number): readonly LogRecord[] {
    const { ring, next } = this.#channel(topic, partition)
    if (offset >= next) return []
    const live = ring.read(offset, limit)
    if (live !== undefined) return live
    const records: LogRecord[] = []
    for (const { file } of this.#spans(topic, partition)) {
      if (records.length >= limit) break
      records.push(...file.read(topic, partition, (records.at(-1)?.offset ?? offset - 1) + 1, limit - records.length))
    }
    return records
  }

  #spans(topic: string, partition: number): readonly { readonly file: DayFile; readonly span: Span }[] {
    const days = this.#groups.get(groupOf(topic))?.days ?? []
    return days.flatMap(({ file }) =>
      file
        .spans()
        .filter((span) => span.topic === topic && span.partition === partition)
        .map((span) => ({ file, span })),
    )
  }

  #offsetOf(topic: string, partition: number, from: Position): number {
    if ('offset' in from) return from.offset
    for (const { file } of this.#spans(topic, partition)) {
      const offset = file.offsetAt(topic, partition, from)
      if (offset !== undefined) return offset
    }
    return this.#channel(topic, partition).next
  }

  /** Where a group begins; from then on it is known, and retention waits for it. */
  #begin(topic: string, group: string, partition: number, from: ConsumeOptions['from']): number {
    const committed = this.#consumers.committed(group, topic, partition)
    const earliest = this.#spans(topic, partition).find(({ span }) => span.to > span.from)?.span.from ?? this.#channel(topic, partition).next
    const start =
      from === 'committed'
        ? (committed ?? earliest)
        : from === 'earliest'
          ? earliest
          : from === 'latest'
            ? this.#channel(topic, partition).next
            : this.#offsetOf(topic, partition, from)
    if (committed === undefined) this.#consumers.commit(group, topic, partition, start)
    return start
  }

  #partitions(topic: string): number {
    return this.#options.partitions?.[topic] ?? 1
  }

  /** Resolves with the next append, after `ms`, or when the signal fires; whichever is first. */
  async #appended(ms: number, signal: AbortSignal): Promise<void> {
    const woken = Promise.withResolvers<void>()
    const wake = (): void => woken.resolve()
    const timer = setTimeout(wake, ms)
    this.#waiting.add(wake)
    signal.addEventListener('abort', wake, { once: true })
    await woken.promise
    clearTimeout(timer)
    this.#waiting.delete(wake)
    signal.removeEventListener('abort', wake)
  }
}

/** `md` of `md.stock.tick`. */
function groupOf(topic: string): string {
  return topic.split('.', 1)[0]!
}

function isBehind(position: { readonly topic: string; readonly partition: number; readonly committed: number }, span: Span): boolean {
  return position.topic === span.topic && position.partition === span.partition && position.committed < span.to
}

function bytesOf(path: string): number {
  return ['', '-wal'].reduce((sum, suffix) => sum + (statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0), 0)
}
