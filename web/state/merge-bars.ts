import type { KlineColumns } from './chart-frame.ts'
import type { LiveBar } from './live-bars.ts'

/** Pages of bars, oldest first, as one. A bar that is in two pages is there once, as the later page has it. */
export function joinBars(pages: readonly KlineColumns[]): KlineColumns {
  return pages.reduce(withTail, noBars)
}

/** The bars of a younger reading behind those of an older one; where both have a bar the younger says how it is. */
export function withTail(bars: KlineColumns, tail: KlineColumns): KlineColumns {
  const first = tail.time[0]
  if (first === undefined) return bars
  const kept = bars.time.findIndex((time) => time >= first)
  const cut = <T>(before: readonly T[], after: readonly T[]): T[] => [...(kept === -1 ? before : before.slice(0, kept)), ...after]
  return {
    time: cut(bars.time, tail.time),
    open: cut(bars.open, tail.open),
    high: cut(bars.high, tail.high),
    low: cut(bars.low, tail.low),
    close: cut(bars.close, tail.close),
    volume: cut(bars.volume, tail.volume),
    amount: cut(bars.amount, tail.amount),
    final: cut(bars.final, tail.final),
  }
}

/** Whether bars are missing between what we have and a tail: then it may not be put behind it. */
export function leavesHole(bars: KlineColumns, tail: KlineColumns): boolean {
  return bars.time.length > 0 && tail.time.length > 0 && tail.time[0]! > bars.time.at(-1)!
}

/**
 * The session's bars over those of the warehouse. A bar the warehouse calls final stays as it is: a replay of a day that is over changes
 * nothing. `scale` brings traded prices to the adjustment of the bars.
 */
export function withLive(bars: KlineColumns, live: readonly LiveBar[], scale: number): KlineColumns {
  const settled = bars.time.findLast((_, i) => bars.final[i] === true) ?? -Infinity
  const fresh = live.filter(({ time }) => time > settled)
  if (fresh.length === 0) return bars
  return withTail(bars, {
    time: fresh.map(({ time }) => time),
    open: fresh.map(({ open }) => open * scale),
    high: fresh.map(({ high }) => high * scale),
    low: fresh.map(({ low }) => low * scale),
    close: fresh.map(({ close }) => close * scale),
    volume: fresh.map(({ volume }) => volume),
    amount: fresh.map(({ amount }) => amount),
    final: fresh.map(({ final }) => final),
  })
}

const noBars: KlineColumns = { time: [], open: [], high: [], low: [], close: [], volume: [], amount: [], final: [] }
