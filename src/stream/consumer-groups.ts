import { DatabaseSync, type StatementSync } from 'node:sqlite'

/** How far a consumer group has come in one (topic, partition). */
export interface GroupPosition {
  readonly group: string
  readonly topic: string
  readonly partition: number
  /** Everything before this offset is dealt with. */
  readonly committed: number
}

/** 消费组: the committed offsets, in a file of their own so that dropping old days never loses them. */
export class ConsumerGroups {
  readonly #db: DatabaseSync
  readonly #write: StatementSync
  readonly #read: StatementSync

  constructor(path: string) {
    this.#db = new DatabaseSync(path)
    this.#db.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 2000')
    this.#db.exec(
      'create table if not exists groups (grp text, topic text, partition integer, committed integer not null, primary key (grp, topic, partition)) without rowid',
    )
    this.#write = this.#db.prepare('insert into groups values (?, ?, ?, ?) on conflict do update set committed = excluded.committed')
    this.#read = this.#db.prepare('select committed from groups where grp = ? and topic = ? and partition = ?')
  }

  commit(group: string, topic: string, partition: number, offset: number): void {
    this.#write.run(group, topic, partition, offset)
  }

  committed(group: string, topic: string, partition: number): number | undefined {
    return this.#read.get(group, topic, partition)?.['committed'] as number | undefined
  }

  /** All positions, of one group or of all. */
  positions(group?: string): readonly GroupPosition[] {
    const rows = this.#db
      .prepare('select grp as "group", topic, partition, committed from groups order by grp, topic, partition')
      .all() as unknown as readonly GroupPosition[]
    return group === undefined ? rows : rows.filter((row) => row.group === group)
  }

  /** May be called twice. */
  close(): void {
    if (this.#db.isOpen) this.#db.close()
  }
}
