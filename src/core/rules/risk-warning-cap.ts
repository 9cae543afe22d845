import { defineRule } from '../dated.ts'
import { tradeDate } from '../trade-date.ts'

/** 风险警示股票单日买入上限: the most shares of one risk-warning stock an account may buy in a day. */
export const riskWarningCap = defineRule<'stock', number>({
  name: 'risk_warning_cap',
  label: { zh: '风险警示股票买入上限', en: 'Daily purchase cap of risk-warning stocks' },
  about: 'Shares of one stock and day.',
  rows: {
    stock: [
      { from: tradeDate(19901219), value: Infinity, source: 'No cap before the risk-warning board' },
      {
        from: tradeDate(20130101),
        value: 500_000,
        source: 'SSE risk-warning board rules, from 2013-01-01; spec microstructure §11.1 applies them to both exchanges',
      },
    ],
  },
})
