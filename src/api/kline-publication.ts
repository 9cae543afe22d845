import type { Clock } from '#core/clock.ts'
import type { FoldedDays } from './views.ts'
import { DATABASE, type Engine } from '#warehouse/engine/engine.ts'

/** The tables bars are made of, those of A shares and the others. */
const TABLES = ['dwd_daily', 'dwd_adj_factor', 'market_klines', 'ods_foreign_daily', 'ods_foreign_minute'] as const

/** How long an answer may be older than a publication, in milliseconds; from half of it on the engine is asked again beforehand. */
const MOST_AGE_MS = 1000

/** What was published of the tables of bars. */
export interface Publication {
  /** Changes with every publication of one of the tables, and when coarser bars were folded; merging parts leaves it as it is. */
  readonly stamp: string
  readonly isPublished: Readonly<Record<(typeof TABLES)[number], boolean>>
}

/** Watches what is published: asks the engine again before the last answer is a second old, once for all who wait. */
export class Publications {
  readonly #engine: Engine
  readonly #clock: Clock
  readonly #folded: FoldedDays | undefined
  #known: Publication | undefined
  #askedAt = -Infinity
  #asking: Promise<Publication> | undefined

  constructor(engine: Engine, clock: Clock, folded?: FoldedDays) {
    this.#engine = engine
    this.#clock = clock
    this.#folded = folded
  }

  /** At once while the last answer is young: where requests come all the time none of them waits. */
  now(): Publication | Promise<Publication> {
    const age = this.#clock.now() - this.#askedAt
    const isYoung = this.#known !== undefined && age >= 0 && age < MOST_AGE_MS
    if (isYoung && age < MOST_AGE_MS / 2) return this.#known!
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined))
    if (!isYoung) return this.#asking
    // A failure is met by whoever has to wait for the next answer.
    this.#asking.catch(() => {})
    return this.#known!
  }

  /** Every insert numbers a new block of its partition; the highest number moves with inserts alone. */
  async #ask(): Promise<Publication> {
    const askedAt = this.#clock.now()
    const folded = this.#folded?.stamp() ?? ''
    const rows = await this.#engine.rows<{ name: string; stamp: string }>(
      `select name, toString(groupBitXor(cityHash64(partition_id, newest))) as stamp
       from (select replaceRegexpOne(table, '_local$', '') as name, partition_id, max(max_block_number) as newest from system.parts
             where database = '${DATABASE}' and active and replaceRegexpOne(table, '_local$', '') in (${TABLES.map((name) => `'${name}'`).join(', ')})
             group by name, partition_id)
       group by name order by name`,
    )
    const published = new Map(rows.map(({ name, stamp }) => [name, stamp]))
    this.#askedAt = askedAt
    this.#known = {
      stamp: [...TABLES.map((name) => published.get(name) ?? ''), folded].join(' '),
      isPublished: Object.fromEntries(TABLES.map((name) => [name, published.has(name)])) as Publication['isPublished'],
    }
    return this.#known
  }
}
