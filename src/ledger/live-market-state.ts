import { crc32 } from 'node:zlib'
import { deserialize, serialize } from 'node:v8'
import type { TradeDate } from '#core/trade-date.ts'
import type { Database } from './database.ts'

/** How far a simulated live market got: the last minute whose transaction was committed. */
export interface SessionMark {
  readonly world: string
  readonly tradeDate: TradeDate
  /** Minute slot, 0 the opening auction … 240; −1 before the first. */
  readonly slot: number
  /** Time of the market, epoch ms: the clock's, or the time played in a test. */
  readonly marketAt: number
  /** True when `marketAt` was played, not lived through. */
  readonly isVirtual: boolean
}

/** How far a market abroad got. Slot −1 = nothing of the day is committed. */
export interface ForeignMark extends SessionMark {
  readonly market: string
}

/** Row of `stock_state` (spec simulator §16). Prices CNY, rates per year as fractions; NaN = not known. */
export interface StockState {
  readonly symbol: string
  readonly currentPrice: number
  readonly volatility: number
  readonly trend: number
  readonly marketState: 'bull' | 'bear' | 'sideways'
  readonly nextTransitionMinutes: number
  readonly lastBarTime: number | undefined
  readonly version: number
}

/** Row of `stock_realtime_price`: CNY and shares, the day so far; NaN = not known. */
export interface RealtimePrice {
  readonly symbol: string
  readonly price: number
  readonly previousClose: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly volume: number
  readonly amount: number
  readonly bid1: number
  readonly ask1: number
  readonly at: number
}

/** Row of `market_status`. */
export interface MarketStatus {
  readonly market: string
  readonly tradeDate: TradeDate
  readonly isTradingDay: boolean
  readonly isOpen: boolean
  readonly phase: string
  readonly since: number
  readonly next: string
  readonly nextAt: number
  readonly halted: number
}

/** Row of `stock_metadata`. */
export interface StockMetadata {
  readonly symbol: string
  readonly name: string
  readonly market: string
  readonly board: string
  readonly industry: string
  readonly sectorCode: string
  readonly basePrice: number
  readonly baseVolatility: number
  /** Shares a day. */
  readonly baseVolume: number
  readonly tick: number
  readonly lot: number
  readonly listDate: TradeDate
  readonly delistDate: TradeDate | undefined
  readonly status: string
  readonly isActive: boolean
}

/** Where stocks stood, by symbol. */
export interface Checkpoints<Checkpoint> {
  get(symbol: string): Checkpoint | undefined
}

/** Counts every change of what a checkpoint holds; others are not read. */
const CHECKPOINT_VERSION = 1

/** Days of checkpoints that are kept: a start needs the last one. */
const KEPT_DAYS = 3

/** 实时状态: where the live simulated market stands, in the ledger's tables. A minute is one transaction: the caller wraps it in `ledger.transaction`. */
export class LiveMarketState {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** How far the market of this world got; nothing when it never ran or ran as another world. */
  session(world: string): SessionMark | undefined {
    const [row] = this.#database.all<MarkRow>('select trade_date, slot, market_at, is_virtual from sim_session where world = ?', world)
    return row === undefined ? undefined : markOf(world, row)
  }

  mark({ world, tradeDate, slot, marketAt, isVirtual }: SessionMark, now: number): void {
    this.#database.run('insert or replace into sim_session values (1, ?, ?, ?, ?, ?, ?)', world, tradeDate, slot, marketAt, isVirtual ? 1 : 0, now)
  }

  /** How far a market abroad got in this world. */
  foreignSession(world: string, market: string): ForeignMark | undefined {
    const [row] = this.#database.all<MarkRow>(
      'select trade_date, slot, market_at, is_virtual from sim_foreign_session where market = ? and world = ?',
      market,
      world,
    )
    return row === undefined ? undefined : { market, ...markOf(world, row) }
  }

  markForeign({ world, market, tradeDate, slot, marketAt, isVirtual }: ForeignMark, now: number): void {
    this.#database.run(
      'insert or replace into sim_foreign_session values (?, ?, ?, ?, ?, ?, ?)',
      market,
      world,
      tradeDate,
      slot,
      marketAt,
      isVirtual ? 1 : 0,
      now,
    )
  }

  /** The number of rows. */
  putStates(world: string, states: Iterable<StockState>): number {
    let rows = 0
    for (const { symbol, currentPrice, volatility, trend, marketState, nextTransitionMinutes, lastBarTime, version } of states)
      rows += this.#database.run(
        'insert or replace into stock_state values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        symbol,
        currentPrice,
        known(volatility),
        trend,
        marketState,
        nextTransitionMinutes,
        lastBarTime ?? null,
        world,
        version,
      )
    return rows
  }

  /** The number of rows. */
  putPrices(prices: Iterable<RealtimePrice>, now: number): number {
    let rows = 0
    for (const { symbol, price, previousClose, open, high, low, volume, amount, bid1, ask1, at } of prices)
      rows += this.#database.run(
        'insert or replace into stock_realtime_price values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        symbol,
        price,
        known(previousClose),
        known(Math.round((price - previousClose) * 1000) / 1000),
        known(price / previousClose - 1),
        open,
        high,
        low,
        volume,
        amount,
        known(bid1),
        known(ask1),
        at,
        now,
      )
    return rows
  }

  putStatus({ market, tradeDate, isTradingDay, isOpen, phase, since, next, nextAt, halted }: MarketStatus, now: number): void {
    this.#database.run(
      'insert or replace into market_status values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      market,
      tradeDate,
      isTradingDay ? 1 : 0,
      isOpen ? 1 : 0,
      phase,
      since,
      next,
      nextAt,
      halted,
      now,
    )
  }

  /** Replace the list of a market’s stocks. */
  replaceMetadata(market: string, stocks: Iterable<StockMetadata>): void {
    this.#database.transaction(() => {
      this.#database.run('delete from stock_metadata where market = ?', market)
      for (const stock of stocks)
        this.#database.run(
          'insert into stock_metadata values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
          stock.symbol,
          stock.name,
          stock.market,
          stock.board,
          stock.industry,
          stock.sectorCode,
          stock.basePrice,
          stock.baseVolatility,
          stock.baseVolume,
          stock.tick,
          stock.lot,
          stock.listDate,
          stock.delistDate ?? null,
          stock.status,
          stock.isActive ? 1 : 0,
        )
    })
  }

  /** Nothing is traded yet on a market: the prices of another day are no prices of this one. Those of listed stocks of other markets stay. */
  clearPrices(market: string): void {
    this.#database.run('delete from stock_realtime_price where symbol not in (select symbol from stock_metadata where market != ?)', market)
  }

  /** Keep the checkpoints taken after a day, and forget those of days long gone. */
  putCheckpoints(world: string, tradeDate: TradeDate, checkpoints: Iterable<readonly [symbol: string, checkpoint: object]>): void {
    this.#database.transaction(() => {
      for (const [symbol, checkpoint] of checkpoints) {
        const body = serialize({ version: CHECKPOINT_VERSION, checkpoint })
        this.#database.run('insert or replace into sim_checkpoint values (?, ?, ?, ?, ?)', tradeDate, symbol, world, crc32(body), body)
      }
      this.#database.run('delete from sim_checkpoint where world != ?', world)
      this.#database.run(
        'delete from sim_checkpoint where trade_date not in (select distinct trade_date from sim_checkpoint order by trade_date desc limit ?)',
        KEPT_DAYS,
      )
    })
  }

  /**
   * The checkpoints taken after the latest day before `before`, read one at a time. One that is damaged (its CRC-32 does not fit), of another world or of another version is not there:
   * the stock then walks from its first day to the same bits.
   */
  checkpointsBefore<Checkpoint extends object>(world: string, before: TradeDate): Checkpoints<Checkpoint> {
    const [day] = this.#database.all<{ trade_date: number | null }>(
      'select max(trade_date) as trade_date from sim_checkpoint where world = ? and trade_date < ?',
      world,
      before,
    )
    return {
      get: (symbol) => {
        const [row] = this.#database.all<{ crc: number; body: Uint8Array }>(
          'select crc, body from sim_checkpoint where trade_date = ? and symbol = ? and world = ?',
          day!.trade_date,
          symbol,
          world,
        )
        if (row === undefined || crc32(row.body) !== row.crc) return undefined
        const { version, checkpoint } = deserialize(row.body) as { readonly version: number; readonly checkpoint: Checkpoint }
        return version === CHECKPOINT_VERSION ? checkpoint : undefined
      },
    }
  }
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

interface MarkRow {
  readonly trade_date: number
  readonly slot: number
  readonly market_at: number
  readonly is_virtual: number
}

function markOf(world: string, { trade_date, slot, market_at, is_virtual }: MarkRow): SessionMark {
  return { world, tradeDate: trade_date as TradeDate, slot, marketAt: market_at, isVirtual: is_virtual === 1 }
}
