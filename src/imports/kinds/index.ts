import type { ImportKind } from '#core/import-kind.ts'
import { baostockDaily } from './baostock-daily.ts'
import { baostockIndexMember } from './baostock-index-member.ts'
import { l2OrderSh } from './l2-order-sh.ts'
import { l2SnapshotSh } from './l2-snapshot-sh.ts'
import { l2Snapshot5 } from './l2-snapshot5.ts'
import { l2TradeIds } from './l2-trade-ids.ts'
import { l2TradeSh } from './l2-trade-sh.ts'
import { l2TradeSz } from './l2-trade-sz.ts'
import { minuteBars } from './minute-bars.ts'
import { priceLevels } from './price-levels.ts'
import { sessionCalendar } from './session-calendar.ts'
import { tickDetail } from './tick-detail.ts'
import { tushareAdjFactor } from './tushare-adj-factor.ts'
import { tushareCyqPerf } from './tushare-cyq-perf.ts'
import { tushareDaily } from './tushare-daily.ts'
import { tushareDailyBasic } from './tushare-daily-basic.ts'
import { tushareDailyHfq } from './tushare-daily-hfq.ts'
import { tushareDailyQfq } from './tushare-daily-qfq.ts'
import { tushareDividend } from './tushare-dividend.ts'
import { tushareFinaIndicator } from './tushare-fina-indicator.ts'
import { tushareFundAdj } from './tushare-fund-adj.ts'
import { tushareFundDaily } from './tushare-fund-daily.ts'
import { tushareIdxFactorPro } from './tushare-idx-factor-pro.ts'
import { tushareIndexDaily } from './tushare-index-daily.ts'
import { tushareIndexDailybasic } from './tushare-index-dailybasic.ts'
import { tushareMargin } from './tushare-margin.ts'
import { tushareMarginDetail } from './tushare-margin-detail.ts'
import { tushareMoneyflowHsgt } from './tushare-moneyflow-hsgt.ts'
import { tushareMoneyflowMktDc } from './tushare-moneyflow-mkt-dc.ts'
import { tushareStkFactor } from './tushare-stk-factor.ts'
import { tushareStkHoldernumber } from './tushare-stk-holdernumber.ts'
import { tushareStockBasic } from './tushare-stock-basic.ts'
import { tushareStockSt } from './tushare-stock-st.ts'
import { tushareSuspendD } from './tushare-suspend-d.ts'
import { tushareTradeCal } from './tushare-trade-cal.ts'
import { vendorDayk } from './vendor-dayk.ts'
import { vendorDaykHfq } from './vendor-dayk-hfq.ts'

/** Every kind of file that can be imported. */
export const importKinds: readonly ImportKind[] = [
  tushareDaily,
  tushareDailyQfq,
  tushareDailyHfq,
  tushareDailyBasic,
  tushareAdjFactor,
  tushareDividend,
  tushareStkFactor,
  tushareFinaIndicator,
  tushareMargin,
  tushareMarginDetail,
  tushareCyqPerf,
  tushareStkHoldernumber,
  tushareFundDaily,
  tushareFundAdj,
  tushareIndexDaily,
  tushareIndexDailybasic,
  tushareIdxFactorPro,
  tushareMoneyflowMktDc,
  tushareMoneyflowHsgt,
  tushareStockBasic,
  tushareStockSt,
  tushareSuspendD,
  tushareTradeCal,
  sessionCalendar,
  baostockDaily,
  baostockIndexMember,
  vendorDayk,
  vendorDaykHfq,
  minuteBars,
  tickDetail,
  l2TradeSh,
  l2TradeIds,
  l2TradeSz,
  l2OrderSh,
  l2SnapshotSh,
  l2Snapshot5,
  priceLevels,
]
