import type { FatFinger } from './fat-finger.ts'
import type { ScriptedDay } from './scripted-day.ts'
import { StockWalk } from './stock-walk.ts'
import type { Stock } from './stock.ts'
import type { World } from './world.ts'

/**
 * 日线: all days of one stock as columns over the world's open dates. Prices and amounts in whole 厘, volumes in shares. A day without a bar
 * (suspended, not listed, delisted) has volume 0 and price 0. `adjFactor` is 1 at the listing, NaN before it and after a delisting; it also stands
 * on suspended days.
 */
export interface DailyBars {
  readonly stock: Stock
  readonly open: Int32Array
  readonly high: Int32Array
  readonly low: Int32Array
  readonly close: Int32Array
  /** 昨收: the ex-right reference price, the issue price on the first day. */
  readonly preClose: Int32Array
  /** 0 on a day without limits. */
  readonly limitUp: Int32Array
  readonly limitDown: Int32Array
  readonly volume: Float64Array
  readonly amount: Float64Array
  readonly adjFactor: Float64Array
  /** Shares outstanding after the day's corporate action. */
  readonly totalShares: Float64Array
  /** Cash per share paid on the ex-date, 厘. */
  readonly cash: Float64Array
  /** New shares per share on the ex-date: 送转 given, 配股 offered. */
  readonly bonus: Float64Array
  readonly rights: Float64Array
  /** 盘后: shares traded after hours at the close, not part of `volume`; 0 where the rules of the day have no such session. */
  readonly afterHours: Float64Array
  /** One of `STATUS`: normal, ST, *ST, delisting period, delisted. */
  readonly status: Uint8Array
  readonly path: DayPaths
  /** 剧本日: the days on which something is planted by a script, by day of the world: their records are kept, their bar is the sum of them. */
  readonly scripted: Map<number, ScriptedDay>
  /** 乌龙指: the days with a print far from the price, by day of the world; it is in their bars. */
  readonly fatFingers: Map<number, FatFinger>
}

/** 日检查点: what the minutes and ticks of a day are drawn from, so that any day can be drawn alone. Log prices relative to the reference price. */
export interface DayPaths {
  /** The efficient price at the open, at the close, at its highest and lowest. It may lie beyond a limit by half the limit's width. */
  readonly openAt: Float32Array
  readonly closeAt: Float32Array
  readonly highAt: Float32Array
  readonly lowAt: Float32Array
  /** Standard deviation of the stock's own part of the session. */
  readonly ownSd: Float32Array
  /** 热点: the part of the session's return that comes in one burst, the minute (0 …) it begins and its length in minutes. */
  readonly burst: Float32Array
  readonly burstFrom: Uint8Array
  readonly burstLength: Uint8Array
}

/** The bars of one stock over the whole world. Depends on the seed, the code and the common factors only; ending later changes nothing before. */
export function dailyBars(world: World, stock: Stock): DailyBars {
  const bars = emptyBars(stock, world.dates.length)
  const walk = new StockWalk(world, stock, bars)
  for (let day = walk.firstDay; day < world.dates.length; day++) walk.step(day)
  return bars
}

/** Columns for a stock without any day filled. */
export function emptyBars(stock: Stock, days: number): DailyBars {
  return {
    stock,
    open: new Int32Array(days),
    high: new Int32Array(days),
    low: new Int32Array(days),
    close: new Int32Array(days),
    preClose: new Int32Array(days),
    limitUp: new Int32Array(days),
    limitDown: new Int32Array(days),
    volume: new Float64Array(days),
    amount: new Float64Array(days),
    adjFactor: new Float64Array(days).fill(NaN),
    totalShares: new Float64Array(days),
    cash: new Float64Array(days),
    bonus: new Float64Array(days),
    rights: new Float64Array(days),
    afterHours: new Float64Array(days),
    status: new Uint8Array(days),
    path: {
      openAt: new Float32Array(days),
      closeAt: new Float32Array(days),
      highAt: new Float32Array(days),
      lowAt: new Float32Array(days),
      ownSd: new Float32Array(days),
      burst: new Float32Array(days),
      burstFrom: new Uint8Array(days),
      burstLength: new Uint8Array(days),
    },
    scripted: new Map(),
    fatFingers: new Map(),
  }
}
