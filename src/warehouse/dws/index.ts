import { abuPriceLevels } from './abu_price_levels.ts'
import { bigTradeThreshold } from './big_trade_threshold.ts'
import { dwsFlowBucket } from './dws_flow_bucket.ts'
import { dwsFundQualityMetric } from './dws_fund_quality_metric.ts'
import { dwsIntradayBaseline } from './dws_intraday_baseline.ts'
import { dwsLevelScore } from './dws_level_score.ts'
import { dwsLevelTestOutcome } from './dws_level_test_outcome.ts'
import { dwsMinuteBar } from './dws_minute_bar.ts'
import { marketKlineBuckets } from './market_kline_buckets.ts'
import { marketKlines } from './market_klines.ts'
import { stockActivePool } from './stock_active_pool.ts'
import { stockBollingerData } from './stock_bollinger_data.ts'
import { stockFundQuality } from './stock_fund_quality.ts'
import { stockLevelMicrostructure } from './stock_level_microstructure.ts'
import { stockLevelScoreDaily } from './stock_level_score_daily.ts'
import { stockMicrostructureDaily } from './stock_microstructure_daily.ts'

export const dwsTables = [
  stockBollingerData,
  stockActivePool,
  dwsMinuteBar,
  marketKlines,
  marketKlineBuckets,
  bigTradeThreshold,
  stockMicrostructureDaily,
  dwsFlowBucket,
  dwsIntradayBaseline,
  dwsFundQualityMetric,
  stockFundQuality,
  abuPriceLevels,
  stockLevelMicrostructure,
  dwsLevelTestOutcome,
  dwsLevelScore,
  stockLevelScoreDaily,
] as const
