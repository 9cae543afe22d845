import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import type { TradedMinutes } from '#numeric/minute-bars.ts'
import type { LiveDay } from '#stream/forming-bars.ts'
import type { TapeTrade } from '#stream/trade-ring.ts'

/** Where one table stands, for the status route. */
export interface TableState {
  readonly name: string
  readonly layer: string
  readonly label: { readonly zh: string; readonly en: string }
  /** Last date for which the table is complete and verified; absent when nothing was built. */
  readonly waterMark: TradeDate | undefined
  readonly rows: number
  /** 'fresh' = up to the last completed trade date; 'stale' = behind; 'empty' = never built. */
  readonly state: 'fresh' | 'stale' | 'empty'
  readonly lastBuiltAt: number | undefined
}

/** The warehouse as the pages see it. */
export interface WarehouseView {
  readonly sourceLabel: { readonly zh: string; readonly en: string }
  /** True when any number on the pages was invented by the simulator. */
  readonly simulated: boolean
  readonly engineVersion: string
  /** The last trade date whose session is over now. */
  lastCompleted(): TradeDate
  tables(): readonly TableState[]
  latestRun():
    | {
        readonly run: string
        readonly state: string
        readonly startedAt: number
        readonly endedAt: number | undefined
        readonly failedTasks: readonly string[]
      }
    | undefined
}

/** 按需分钟: minutes that are made when they are asked for, of days that are not stored. */
export interface DrawnMinutes {
  /** The minutes of a day in which it trades, CNY, slot 0 the opening auction, and the reference price of the day; nothing when it does not trade. */
  minutes(symbol: string, date: TradeDate): { readonly bars: TradedMinutes; readonly previousClose: number } | undefined
}

/** 已聚合: the days whose bars of 5 to 120 minutes are stored as they would be folded now. */
export interface FoldedDays {
  /** Changes whenever the answer for a day may. */
  stamp(): string
  reader(): (date: TradeDate) => boolean
}

/** A book of one instant, best first, CNY and shares. An empty list is an empty side. */
export interface DrawnBook {
  /** The record before which it was in force. */
  readonly at: EpochMs
  readonly bids: readonly { readonly price: number; readonly volume: number }[]
  readonly asks: readonly { readonly price: number; readonly volume: number }[]
}

/** 按需盘口: books of ten levels that are made when they are asked for, where none is recorded. */
export interface DrawnBooks {
  /** The last book of a stock that was seen on `date` up to the instant `until`, or on the last day before it with one. Nothing later is looked at. */
  bookAt(symbol: string, date: TradeDate, until: number): DrawnBook | undefined
}

/** The fast river as the pages see it: what `/api/opportunities` answers and the socket's snapshot is. */
export interface LiveView {
  state(): {
    readonly session: 'idle' | 'running' | 'ended'
    readonly kind: 'live' | 'replay' | 'simulated'
    readonly date: TradeDate | undefined
    /** Its time is not the clock's: the day may be past, and what is stored of it and of later days is not known yet. */
    readonly isTest: boolean
    readonly ticks: number
    readonly lastEventAt: number | undefined
    readonly speed: string
  }
  snapshot(): { readonly epoch: string; readonly seq: number; readonly rows: readonly object[] }
  /** Names the session that runs on the symbol’s market, or ran last; absent before the first one. */
  sessionOf(code: string): string | undefined
  /** The minutes of a stock in that session; absent before its first trade. */
  minutesOf(code: string): LiveDay | undefined
  /** Its newest trades in that session, newest first, those numbered below `before`; the last hundred are kept. */
  tradesOf(code: string, before: number, limit: number): readonly TapeTrade[]
}
