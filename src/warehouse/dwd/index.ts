import { dwdAdjFactor } from './dwd_adj_factor.ts'
import { dwdDaily } from './dwd_daily.ts'
import { dwdStockDailyStandard } from './dwd_stock_daily_standard.ts'
import { dwdStockLabelDaily } from './dwd_stock_label_daily.ts'

export const dwdTables = [dwdDaily, dwdAdjFactor, dwdStockDailyStandard, dwdStockLabelDaily] as const
