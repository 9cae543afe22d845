import type { Stream } from './keyed-stream.ts'

/** 热点: what a limit-up chain does to one day, in widths of the price limit. */
export interface HotDay {
  /** Part that comes as a gap before the open, and the rest during the session. */
  gap: number
  rest: number
  /** Minute of the session (0 …) at which the rest begins to be delivered, and how many minutes it takes. */
  from: number
  length: number
  /** Multiplies the volume and the own volatility. */
  volume: number
  volatility: number
}

/** Where a stock stands in its chain: hot days so far, days of giving back left. Copied into a checkpoint. */
export interface HotState {
  hot: number
  reversal: number
  /** Sold down to the limit the day before, in a crash. */
  panic?: boolean
}

const START = 0.00625
const THEME_FACTOR = 15
const CONTINUE_FIRST = 0.44
const CONTINUE_LATER = 0.34

/**
 * 连板: a burst of about the limit, continued next day with 0.44 (later 0.34), then three days of giving back; fifteen times as likely while a theme
 * runs in the sector (spec simulator §8). `rate` multiplies the chance of a beginning. Fills and returns `out`; always the same number of draws.
 */
export function hotDay(state: HotState, isTheme: boolean, stream: Stream, out: HotDay, rate = 1): HotDay {
  const [u, size, gap] = [stream.next(), stream.next(), stream.next()]
  out.from = stream.integer(0, 198)
  out.length = stream.integer(5, 59)
  const chance = state.hot === 0 ? rate * START * (isTheme ? THEME_FACTOR : 1) : state.hot === 1 ? CONTINUE_FIRST : CONTINUE_LATER
  out.gap = out.rest = 0
  out.volume = out.volatility = 1
  if (state.reversal === 0 && u < chance) {
    state.hot++
    const burst = 0.45 + 0.9 * size
    out.gap = burst * (state.hot === 1 ? 0.05 : 0.2 + 0.4 * gap)
    out.rest = burst - out.gap
    out.volume = 1.9
    out.volatility = 1.5
    return out
  }
  if (state.hot > 0) state.reversal = 3
  state.hot = 0
  if (state.reversal === 0) return out
  state.reversal--
  out.gap = -0.3 * 0.62 * size
  out.rest = -0.7 * 0.62 * size
  out.volume = 1.5
  out.volatility = 1.35
  return out
}

/** Chance that a stock is caught by a crash on one of its days, and that it is caught again on the next. */
const PANIC_START = 0.12
const PANIC_AGAIN = 0.45

/**
 * 跌停潮: in a crash stocks are sold down to the limit and beyond, in chains: a chance of 0.12 a day, of 0.45 after a day of it. Takes the place of whatever the day had. Its draws
 * come after those of `hotDay` and on days of a crash only.
 */
export function panicDay(state: HotState, stream: Stream, out: HotDay): HotDay {
  const [u, size, gap] = [stream.next(), stream.next(), stream.next()]
  const isAgain = state.panic === true
  state.panic = u < (isAgain ? PANIC_AGAIN : PANIC_START)
  if (!state.panic) return out
  const burst = -(0.45 + 0.9 * size)
  out.gap = burst * (isAgain ? 0.2 + 0.4 * gap : 0.05)
  out.rest = burst - out.gap
  out.volume = 1.9
  out.volatility = 1.5
  state.hot = state.reversal = 0
  return out
}
