import { bigTradeThreshold } from './big_trade_threshold.ts'
import { dwsFlowBucket } from './dws_flow_bucket.ts'
import { dwsFundQualityMetric } from './dws_fund_quality_metric.ts'
import { dwsIntradayBaseline } from './dws_intraday_baseline.ts'
import { dwsMinuteBar } from './dws_minute_bar.ts'
import { stockActivePool } from './stock_active_pool.ts'
import { stockBollingerData } from './stock_bollinger_data.ts'
import { stockFundQuality } from './stock_fund_quality.ts'
import { stockMicrostructureDaily } from './stock_microstructure_daily.ts'

export const dwsTables = [
  stockBollingerData,
  stockActivePool,
  dwsMinuteBar,
  bigTradeThreshold,
  stockMicrostructureDaily,
  dwsFlowBucket,
  dwsIntradayBaseline,
  dwsFundQualityMetric,
  stockFundQuality,
] as const
