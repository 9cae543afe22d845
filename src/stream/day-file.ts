import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { LogRecord, NewRecord, Position } from './stream-log.ts'

/**
 * One day of one topic group in one SQLite file. Rows of a (topic, partition) carry contiguous offsets; `base` says where they began that day,
 * so offsets go on over days. `stamp` has one row per batch: the latest time seen up to its end, which finds a time without an index over every row.
 */
const SCHEMA = `
  create table if not exists topic (id integer primary key, name text not null unique);
  create table if not exists base (topic integer, partition integer, next integer not null, primary key (topic, partition)) without rowid;
  create table if not exists log (topic integer, partition integer, offset integer, ts integer not null, key text not null, type text not null, v integer not null,
    payload blob not null, primary key (topic, partition, offset)) without rowid;
  create table if not exists stamp (topic integer, partition integer, upto integer, next integer, primary key (topic, partition, upto, next)) without rowid;
`

/** The stretch of offsets of a (topic, partition) a file holds: [from, to). */
export interface Span {
  readonly topic: string
  readonly partition: number
  readonly from: number
  readonly to: number
}

type Row = readonly [offset: number, ts: number, key: string, type: string, version: number, payload: Uint8Array]

export class DayFile {
  readonly path: string
  readonly #db: DatabaseSync
  readonly #topics = new Map<string, number>()
  readonly #latest = new Map<string, number>()
  readonly #insert: StatementSync
  readonly #stamp: StatementSync
  readonly #select: StatementSync
  readonly #base: StatementSync
  readonly #spans: StatementSync

  /** Opens or creates the file. A batch that was being written when the process died is gone, whole (WAL). */
  constructor(path: string) {
    this.path = path
    this.#db = new DatabaseSync(path)
    // Measured: 8 KiB pages and a checkpoint every 32 MiB sustain the append floor; NORMAL loses nothing when only the process dies.
    this.#db.exec(
      'pragma page_size = 8192; pragma journal_mode = wal; pragma synchronous = normal; pragma wal_autocheckpoint = 4000; pragma busy_timeout = 2000',
    )
    this.#db.exec(SCHEMA)
    this.#insert = this.#db.prepare('insert into log values (?, ?, ?, ?, ?, ?, ?, ?)')
    this.#stamp = this.#db.prepare('insert or ignore into stamp values (?, ?, ?, ?)')
    this.#select = this.#db.prepare(
      'select offset, ts, key, type, v, payload from log where topic = ? and partition = ? and offset >= ? order by offset limit ?',
    )
    this.#select.setReturnArrays(true)
    this.#base = this.#db.prepare('insert or ignore into base values (?, ?, ?)')
    this.#spans = this.#db.prepare(
      `select t.name as topic, b.partition as partition, b.next as "from",
              coalesce((select max(offset) + 1 from log l where l.topic = b.topic and l.partition = b.partition), b.next) as "to"
       from base b join topic t on t.id = b.topic order by t.name, b.partition`,
    )
    this.#learnTopics()
  }

  /** Where the offsets of the day's partitions begin, written once when the file is new. */
  begin(spans: readonly Span[]): void {
    this.#transaction(() => {
      for (const { topic, partition, to } of spans) this.#base.run(this.#topicId(topic), partition, to)
    })
  }

  /** Every (topic, partition) the file knows, with the offsets it holds. */
  spans(): readonly Span[] {
    return this.#spans.all() as unknown as readonly Span[]
  }

  /** Append records in one transaction: record i goes to `partitions[i]` at `offsets[i]`, which the caller numbers without holes. */
  append(topic: string, records: readonly NewRecord[], partitions: Uint16Array, offsets: Float64Array): void {
    const ends = new Map<number, { upto: number; next: number }>()
    this.#transaction(() => {
      const id = this.#topicId(topic)
      for (let i = 0; i < records.length; i++) {
        const { key, ts, type, version, payload } = records[i]!
        const partition = partitions[i]!
        this.#insert.run(id, partition, offsets[i]!, ts, key, type, version, payload)
        let end = ends.get(partition)
        if (end === undefined) ends.set(partition, (end = { upto: this.#latestTs(topic, partition, offsets[i]!), next: 0 }))
        if (ts > end.upto) end.upto = ts
        end.next = offsets[i]! + 1
      }
      for (const [partition, { upto, next }] of ends) this.#stamp.run(id, partition, upto, next)
    })
    for (const [partition, { upto }] of ends) this.#latest.set(`${topic}/${partition}`, upto)
  }

  /** Up to `limit` records from an offset on. */
  read(topic: string, partition: number, offset: number, limit: number): readonly LogRecord[] {
    const id = this.#topics.get(topic)
    if (id === undefined) return []
    const rows = this.#select.all(id, partition, offset, limit) as unknown as readonly Row[]
    return rows.map(([offset, ts, key, type, version, payload]) => ({ key, ts, type, version, payload, partition, offset }))
  }

  /** The first offset whose record is of time `ts` or later; undefined when the file has none. */
  offsetAt(topic: string, partition: number, { ts }: Position & { readonly ts: number }): number | undefined {
    const id = this.#topics.get(topic)
    if (id === undefined) return undefined
    const before = this.#db.prepare('select max(next) as next from stamp where topic = ? and partition = ? and upto < ?').get(id, partition, ts)
    const found = this.#db
      .prepare('select offset from log where topic = ? and partition = ? and offset >= ? and ts >= ? order by offset limit 1')
      .get(id, partition, (before?.['next'] as number | null | undefined) ?? 0, ts)
    return found?.['offset'] as number | undefined
  }

  close(): void {
    this.#db.close()
  }

  /** The latest time in a partition so far. A partition met for the first time begins at `offset`. */
  #latestTs(topic: string, partition: number, offset: number): number {
    const known = this.#latest.get(`${topic}/${partition}`)
    if (known !== undefined) return known
    this.#base.run(this.#topicId(topic), partition, offset)
    const row = this.#db.prepare('select max(upto) as upto from stamp where topic = ? and partition = ?').get(this.#topicId(topic), partition)
    return (row?.['upto'] as number | null | undefined) ?? 0
  }

  #topicId(name: string): number {
    const known = this.#topics.get(name)
    if (known !== undefined) return known
    this.#db.prepare('insert or ignore into topic (name) values (?)').run(name)
    const id = this.#db.prepare('select id from topic where name = ?').get(name)!['id'] as number
    this.#topics.set(name, id)
    return id
  }

  #learnTopics(): void {
    this.#topics.clear()
    const rows = this.#db.prepare('select id, name from topic').all() as unknown as readonly { readonly id: number; readonly name: string }[]
    for (const { id, name } of rows) this.#topics.set(name, id)
  }

  #transaction(body: () => void): void {
    this.#db.exec('begin immediate')
    try {
      body()
      this.#db.exec('commit')
    } catch (error) {
      // Whatever failed (a full disk above all): the batch is withdrawn as a whole and the caller hears of it.
      this.#db.exec('rollback')
      this.#learnTopics()
      throw error
    }
  }
}
