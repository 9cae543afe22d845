import type { TradeDate } from '#core/trade-date.ts'
import type { Database } from './database.ts'

/** 机会事件 as it is kept: the columns one asks by, and the whole event as JSON text. */
export interface OpportunityRecord {
  readonly oppId: string
  /** Ordinal within the opportunity, from 0. */
  readonly seq: number
  /** Event time, UTC milliseconds. */
  readonly ts: number
  readonly date: TradeDate
  readonly type: string
  readonly fromState?: string
  readonly toState?: string
  /** 0..1; NaN or absent = not known. */
  readonly confidence?: number
  /** CNY; NaN or absent = not known. */
  readonly price?: number
  readonly payload: string
  /** `live`, `replay:…`: what produced it, and the place in its channel. */
  readonly run: string
  readonly channelSeq: number
}

interface OpportunityRow {
  readonly opp_id: string
  readonly seq: number
  readonly ts: number
  readonly trade_date: number
  readonly type: string
  readonly from_state: string | null
  readonly to_state: string | null
  readonly confidence: number | null
  readonly price: number | null
  readonly payload: string
  readonly run_id: string
  readonly channel_seq: number
}

/**
 * `opportunity_event`, append-only; the view `opportunity` shows the latest state of each. An event that is there already is passed over,
 * so a restart may replay; another event in its place throws RangeError, since the fold would no longer be unique.
 */
export class OpportunityLog {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Append in one transaction. */
  append(events: readonly OpportunityRecord[]): { readonly written: number; readonly already: number } {
    return this.#database.transaction(() => {
      let written = 0
      for (const event of events) written += this.#insert(event)
      return { written, already: events.length - written }
    })
  }

  /** All events of a date in the order of their channels: time, then run and channel sequence. */
  on(date: TradeDate, run?: string): readonly OpportunityRecord[] {
    return this.#database
      .all<OpportunityRow>(
        `select * from opportunity_event where trade_date = ? ${run === undefined ? '' : 'and run_id = ?'} order by ts, run_id, channel_seq`,
        ...(run === undefined ? [date] : [date, run]),
      )
      .map(recordOf)
  }

  /** The life of one opportunity. */
  of(oppId: string): readonly OpportunityRecord[] {
    return this.#database.all<OpportunityRow>('select * from opportunity_event where opp_id = ? order by seq', oppId).map(recordOf)
  }

  /** The last place used in a channel; -1 before the first. A restart continues behind it. */
  lastChannelSeq(run: string): number {
    return this.#database.all<{ last: number }>('select coalesce(max(channel_seq), -1) as last from opportunity_event where run_id = ?', run)[0]!.last
  }

  /** Dates that have events, newest first. */
  dates(limit = 250): readonly TradeDate[] {
    return this.#database
      .all<{ trade_date: number }>('select distinct trade_date from opportunity_event order by trade_date desc limit ?', limit)
      .map(({ trade_date }) => trade_date as TradeDate)
  }

  #insert({ oppId, seq, ts, date, type, fromState, toState, confidence, price, payload, run, channelSeq }: OpportunityRecord): 0 | 1 {
    const changed = this.#database.run(
      'insert into opportunity_event values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing',
      oppId,
      seq,
      ts,
      date,
      type,
      fromState ?? null,
      toState ?? null,
      known(confidence),
      known(price),
      payload,
      run,
      channelSeq,
    )
    if (changed === 1) return 1
    const there = this.#database.all<OpportunityRow>(
      'select * from opportunity_event where (opp_id = ? and seq = ?) or (run_id = ? and channel_seq = ?)',
      oppId,
      seq,
      run,
      channelSeq,
    )[0]!
    const isSame = there.opp_id === oppId && there.seq === seq && there.ts === ts && there.type === type && there.payload === payload
    if (isSame) return 0
    throw new RangeError(
      `Cannot append event ${seq} of opportunity ${oppId} at place ${channelSeq} of ${run}: events are never changed, found ${there.type} of ${there.opp_id} (${there.seq}) there`,
    )
  }
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value
}

function recordOf(row: OpportunityRow): OpportunityRecord {
  return {
    oppId: row.opp_id,
    seq: row.seq,
    ts: row.ts,
    date: row.trade_date as TradeDate,
    type: row.type,
    payload: row.payload,
    run: row.run_id,
    channelSeq: row.channel_seq,
    ...(row.from_state === null ? {} : { fromState: row.from_state }),
    ...(row.to_state === null ? {} : { toState: row.to_state }),
    ...(row.confidence === null ? {} : { confidence: row.confidence }),
    ...(row.price === null ? {} : { price: row.price }),
  }
}
