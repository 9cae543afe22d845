import type { ScenarioType } from './scenario-plan.ts'

/** Where a call is planted. `symbol` is a code of the world, `date` YYYYMMDD, `t` HH:MM or HH:MM:SS within continuous trading. */
interface Placed {
  readonly symbol: string
  readonly date: number
  readonly t: string
}

/** 拉升 / 回落: the price moves by `amp` (a fraction, always positive) within `dur` minutes while `volMult` times the usual volume trades, tilted by `imb` = (buys − sells) ÷ all. */
export interface MoveCall extends Placed {
  readonly call: 'surge' | 'fade'
  readonly amp: number
  readonly dur?: number | undefined
  readonly volMult?: number | undefined
  readonly imb?: number | undefined
}

/** 涨停: sealed at `t`, opened `breaks` times, sealed at the close. */
export interface LimitUpCall extends Placed {
  readonly call: 'limit_up'
  readonly breaks?: number | undefined
}

/** 二板: a first board on `date` at `t`, a second on the next open day at `t2` (`t` unless given). */
export interface SecondBoardCall extends Placed {
  readonly call: 'second_board'
  readonly t2?: string | undefined
  readonly breaks?: number | undefined
}

/** 板块轮动: the leader rises at `t`, the other members of the sector after the minutes of `lagCurve`, shared out in the order of their codes. */
export interface SectorWaveCall {
  readonly call: 'sector_wave'
  /** The sector's Chinese name. */
  readonly board: string
  readonly date: number
  readonly t: string
  readonly amp: number
  readonly dur?: number | undefined
  readonly lagCurve?: readonly number[] | undefined
  readonly leader?: string | undefined
  readonly leaderAmp?: number | undefined
}

/** 资金异动: buys less sells of `value` CNY in `dur` minutes (the other sign for sells), beside the usual trade of the time. */
export interface MoneyBurstCall extends Placed {
  readonly call: 'money_burst'
  readonly value: number
  readonly side: 'buy' | 'sell'
  readonly dur?: number | undefined
}

/** 价位: the price comes to `L` (CNY) at `t` and turns away from it by `amp` after `hold` minutes, or goes through it by `amp`. */
export interface LevelCall extends Placed {
  readonly call: 'level_bounce' | 'level_break'
  readonly L: number
  readonly hold?: number | undefined
  readonly amp?: number | undefined
}

/** 大盘急跌: the equal-weighted market falls by `amp` in `dur` minutes; the part `retrace` of it is taken back within the next hour. */
export interface MarketDropCall {
  readonly call: 'market_drop'
  readonly date: number
  readonly t: string
  readonly amp: number
  readonly dur: number
  readonly retrace?: number | undefined
}

/** A scenario of spec simulator §12.1 on the order book: it reaches its level `L` (CNY) at `t`. */
export interface LevelScenarioCall extends Placed {
  readonly call: ScenarioType
  readonly L: number
  readonly strength?: number | undefined
}

/** 拉高出货: `accumulate` quiet days from `date` on, `pump` days that rise by `rise` in all, `dump` days that fall by `fall` in all. */
export interface PumpDumpCall {
  readonly call: 'pump_dump'
  readonly symbol: string
  readonly date: number
  readonly rise?: number | undefined
  readonly fall?: number | undefined
  readonly accumulate?: number | undefined
  readonly pump?: number | undefined
  readonly dump?: number | undefined
}

/** 剧本 of spec simulator §12.4: one thing planted at an exact place. */
export type ScriptCall =
  | MoveCall
  | LimitUpCall
  | SecondBoardCall
  | SectorWaveCall
  | MoneyBurstCall
  | LevelCall
  | MarketDropCall
  | LevelScenarioCall
  | PumpDumpCall

export type Script = readonly ScriptCall[]

/** A script as text that does not depend on the order in which its fields were written: part of the world's digest. */
export function canonicalScript(script: Script): string {
  return JSON.stringify(
    script.map((call) =>
      Object.fromEntries(
        Object.entries(call)
          .filter(([, value]) => value !== undefined)
          .toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ),
    ),
  )
}
