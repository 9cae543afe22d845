import { dimForeignSymbol } from './dim_foreign_symbol.ts'
import { dimPriceLimitRule } from './dim_price_limit_rule.ts'
import { dimStock } from './dim_stock.ts'
import { dimTradeCal } from './dim_trade_cal.ts'
import { dimTradingSession } from './dim_trading_session.ts'

export const dimTables = [dimTradeCal, dimStock, dimTradingSession, dimPriceLimitRule, dimForeignSymbol] as const
