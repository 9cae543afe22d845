import type { DrawnBook, DrawnBooks } from '#api/views.ts'
import { numbers, type Frame } from '#core/frame.ts'
import { keepNewest } from '#core/keep-newest.ts'
import type { TickDay } from '#core/tick.ts'
import type { EpochMs } from '#core/trade-date.ts'
import { bookPictures } from '#market/book-pictures.ts'
import { tickDay } from '#market/tick-path.ts'
import type { WalkedStocks } from './walked-stocks.ts'

/** Stock-days whose pictures are kept: about half a megabyte each. */
const KEPT_DAYS = 16

const LEVELS = 10

interface PicturedDay {
  readonly ticks: TickDay
  readonly pictures: Frame
}

/** 按需盘口: ten levels of any stock of the simulated market at any instant of a day, drawn when they are asked for. A day of a stock takes some milliseconds the first time. */
export function drawnBooks(stocks: WalkedStocks): DrawnBooks {
  const kept = new Map<string, PicturedDay>()
  return {
    bookAt(symbol, date, until) {
      const walked = stocks.walk(symbol, date)
      const last = walked?.world.dayOf.get(date)
      if (walked === undefined || last === undefined) return undefined
      const { world, bars } = walked
      const pictured = (day: number): PicturedDay | undefined => {
        const key = `${symbol} ${world.dates[day]!}`
        const found = kept.get(key)
        if (found !== undefined) return keepNewest(kept, key, found, KEPT_DAYS)
        const ticks = tickDay(world, bars, day)
        return ticks === undefined ? undefined : keepNewest(kept, key, { ticks, pictures: bookPictures(world, bars, ticks, 'simulator') }, KEPT_DAYS)
      }
      for (let day = last; day >= 0; day--) {
        if (!(bars.volume[day]! > 0)) continue
        const found = pictured(day)
        const book = found === undefined ? undefined : bookBefore(found, until)
        if (book !== undefined) return book
      }
      return undefined
    },
  }
}

/** The book in force before the last record up to the instant that has quotes: the picture taken after the record before. The auctions have none. */
function bookBefore({ ticks, pictures }: PicturedDay, until: number): DrawnBook | undefined {
  let row = ticks.length - 1
  while (row > 0 && (ticks.at[row]! > until || Number.isNaN(ticks.bid1[row]!))) row--
  if (row === 0) return undefined
  return { at: ticks.at[row]! as EpochMs, bids: levelsOf(pictures, 'bid', row - 1), asks: levelsOf(pictures, 'ask', row - 1) }
}

function levelsOf(pictures: Frame, side: 'bid' | 'ask', row: number): DrawnBook['bids'] {
  return Array.from({ length: LEVELS }, (_, k) => ({
    price: numbers(pictures, `${side}${k + 1}`)[row]! / 1000,
    volume: numbers(pictures, `${side}_volume${k + 1}`)[row]!,
  })).filter(({ price }) => price > 0)
}
