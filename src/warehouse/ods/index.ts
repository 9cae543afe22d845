import { odsAdjFactor } from './ods_adj_factor.ts'
import { odsCyqChips } from './ods_cyq_chips.ts'
import { odsCyqPerf } from './ods_cyq_perf.ts'
import { odsDaily } from './ods_daily.ts'
import { odsDailyBasic } from './ods_daily_basic.ts'
import { odsDailyHfq } from './ods_daily_hfq.ts'
import { odsDailyQfq } from './ods_daily_qfq.ts'
import { odsDividend } from './ods_dividend.ts'
import { odsFinaIndicator } from './ods_fina_indicator.ts'
import { odsForeignDaily } from './ods_foreign_daily.ts'
import { odsForeignMinute } from './ods_foreign_minute.ts'
import { odsFundAdj } from './ods_fund_adj.ts'
import { odsFundDaily } from './ods_fund_daily.ts'
import { odsIdxFactorPro } from './ods_idx_factor_pro.ts'
import { odsIndexDaily } from './ods_index_daily.ts'
import { odsIndexDailybasic } from './ods_index_dailybasic.ts'
import { odsIndexMember } from './ods_index_member.ts'
import { odsIndexWeight } from './ods_index_weight.ts'
import { odsL2Order } from './ods_l2_order.ts'
import { odsMargin } from './ods_margin.ts'
import { odsMarginDetail } from './ods_margin_detail.ts'
import { odsMinuteBar } from './ods_minute_bar.ts'
import { odsMoneyflow } from './ods_moneyflow.ts'
import { odsMoneyflowHsgt } from './ods_moneyflow_hsgt.ts'
import { odsMoneyflowMktDc } from './ods_moneyflow_mkt_dc.ts'
import { odsMonthly } from './ods_monthly.ts'
import { odsNamechange } from './ods_namechange.ts'
import { odsPriceLevel } from './ods_price_level.ts'
import { odsQuote } from './ods_quote.ts'
import { odsStkFactor } from './ods_stk_factor.ts'
import { odsStkHoldernumber } from './ods_stk_holdernumber.ts'
import { odsStkLimit } from './ods_stk_limit.ts'
import { odsStockSt } from './ods_stock_st.ts'
import { odsSuspendD } from './ods_suspend_d.ts'
import { odsTick } from './ods_tick.ts'
import { odsTradeCal } from './ods_trade_cal.ts'
import { odsWeekly } from './ods_weekly.ts'

export const odsTables = [
  odsDaily,
  odsDailyQfq,
  odsDailyHfq,
  odsWeekly,
  odsMonthly,
  odsAdjFactor,
  odsDailyBasic,
  odsStkFactor,
  odsFinaIndicator,
  odsMoneyflow,
  odsMargin,
  odsMarginDetail,
  odsCyqPerf,
  odsCyqChips,
  odsStkHoldernumber,
  odsFundDaily,
  odsFundAdj,
  odsIndexDaily,
  odsIndexDailybasic,
  odsIdxFactorPro,
  odsIndexMember,
  odsIndexWeight,
  odsMoneyflowMktDc,
  odsMoneyflowHsgt,
  odsSuspendD,
  odsStkLimit,
  odsStockSt,
  odsNamechange,
  odsMinuteBar,
  odsForeignDaily,
  odsForeignMinute,
  odsTick,
  odsQuote,
  odsL2Order,
  odsTradeCal,
  odsPriceLevel,
  odsDividend,
] as const
