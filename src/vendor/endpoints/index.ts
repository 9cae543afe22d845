import type { VendorEndpoint } from '../endpoint.ts'
import { eastmoneyChosen, eastmoneyList } from './eastmoney-list.ts'
import { eastmoneyKlines, eastmoneyStock, eastmoneyTrades, eastmoneyTrends } from './eastmoney-stock.ts'
import { sinaQuotes } from './sina.ts'
import { tencentMinutes, tencentQuotes, tencentTrades } from './tencent.ts'
import { tickdbKlines } from './tickdb.ts'
import { tushare } from './tushare.ts'

/** 假接口清单: every page the fake vendors answer. */
export const endpoints: readonly VendorEndpoint[] = [
  tushare,
  eastmoneyList,
  eastmoneyChosen,
  eastmoneyStock,
  eastmoneyTrades,
  eastmoneyTrends,
  eastmoneyKlines,
  tencentQuotes,
  tencentMinutes,
  tencentTrades,
  sinaQuotes,
  tickdbKlines,
]
