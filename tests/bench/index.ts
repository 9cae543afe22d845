import { basicSums } from './basic-sums.bench.ts'
import type { Bench } from './bench.ts'
import { bollingerHistory } from './bollinger-history.bench.ts'
import { chartFrames } from './chart-frames.bench.ts'
import { dailyBacktest } from './daily-backtest.bench.ts'
import { derivedLayers } from './derived-layers.bench.ts'
import { engineRates } from './engine-rates.bench.ts'
import { foreignDay } from './foreign-day.bench.ts'
import { freshClone } from './fresh-clone.bench.ts'
import { importFiles } from './import-files.bench.ts'
import { incrementalIndicators } from './incremental-indicators.bench.ts'
import { liveDaemon } from './live-daemon.bench.ts'
import { liveStream } from './live-stream.bench.ts'
import { microstructureDay } from './microstructure-day.bench.ts'
import { orderBook } from './order-book.bench.ts'
import { postCloseChain, postCloseMarket } from './post-close-chain.bench.ts'
import { priceLevels } from './price-levels.bench.ts'
import { serveKlines } from './serve-klines.bench.ts'
import { liveMarket, simInit, simulatedDay } from './simulated-market.bench.ts'

export const benches: readonly Bench[] = [
  incrementalIndicators,
  basicSums,
  liveStream,
  engineRates,
  serveKlines,
  chartFrames,
  importFiles,
  bollingerHistory,
  microstructureDay,
  priceLevels,
  dailyBacktest,
  orderBook,
  simulatedDay,
  liveMarket,
  liveDaemon,
  simInit,
  foreignDay,
  derivedLayers,
  postCloseChain,
  postCloseMarket,
  freshClone,
]
