import { candidates } from './candidates.ts'
import { depth } from './depth.ts'
import { klines } from './klines.ts'
import { klinesBatch } from './klines-batch.ts'
import { marketStatus } from './market-status.ts'
import { microCandidates } from './micro-candidates.ts'
import { microDaily } from './micro-daily.ts'
import { microFundQuality } from './micro-fund-quality.ts'
import { microLevelScores } from './micro-level-scores.ts'
import { microLevelTests } from './micro-level-tests.ts'
import { microLevels } from './micro-levels.ts'
import { microPool } from './micro-pool.ts'
import { microTicks } from './micro-ticks.ts'
import { opportunities } from './opportunities.ts'
import { realtime } from './realtime.ts'
import { status } from './status.ts'
import { stock } from './stock.ts'
import { symbols } from './symbols.ts'
import { tables } from './tables.ts'
import { trades } from './trades.ts'

export const routes = [
  candidates,
  depth,
  klines,
  klinesBatch,
  marketStatus,
  microCandidates,
  microDaily,
  microFundQuality,
  microLevelScores,
  microLevelTests,
  microLevels,
  microPool,
  microTicks,
  opportunities,
  realtime,
  status,
  stock,
  symbols,
  tables,
  trades,
] as const

export type Routes = typeof routes
