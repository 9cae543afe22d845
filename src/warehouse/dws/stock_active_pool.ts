import { cny, code, count, date, json, nullable, number, score, yesno } from '../column.ts'
import { dwdDaily } from '../dwd/dwd_daily.ts'
import { dwdStockLabelDaily } from '../dwd/dwd_stock_label_daily.ts'
import { dimTradeCal } from '../dim/dim_trade_cal.ts'
import { between, defineTable, sameDay, unique, withLookback } from '../table.ts'
import { stockBollingerData } from './stock_bollinger_data.ts'

/** 股性活跃选股池 (spec microstructure §5): stocks that showed volume and price life within 20 market days and trade enough. Ranked by activity. */
export const stockActivePool = defineTable({
  name: 'stock_active_pool',
  layer: 'dws',
  label: { zh: '股性活跃选股池', en: 'Active pool' },
  about: 'One row per stock in the pool on a day. Membership is a filter for liquidity and life; pool_rank says which are most active.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    max_vpos: number('最高量位', 'Highest volume position', { about: 'Maximum v_price_position of the window, long-suspension rows (flag 8) left out.' }),
    max_ppos: number('最高价位', 'Highest price position'),
    has_high_vpos: yesno('量位超99', 'Volume position above 99'),
    has_high_ppos: yesno('价位超50', 'Price position above 50'),
    has_high_ppos_70: yesno('价位超70', 'Price position above 70'),
    avg_amount: cny('日均成交额', 'Average daily turnover'),
    last_vpos_date: date('最近量位日', 'Last volume date'),
    last_ppos_date: date('最近价位日', 'Last price date'),
    n_joint_days: count('量价齐升日数', 'Joint days', { about: 'Days with v_price_position > 99 and price_position > 70.' }),
    activity_score: score('活跃度', 'Activity score', {
      about: '0.50 pr(n_joint_days) + 0.25 pr(max_vpos) + 0.25 pr(ln avg_amount), mid-ranks within the pool.',
    }),
    pool_rank: count('活跃排名', 'Pool rank'),
    rows_in_window: count('窗口行数', 'Rows in window'),
    is_st_known: yesno('风险警示已知', 'Risk warning known', { about: '0 = the ST list of the day was not available, so the ST filter could not be applied.' }),
    remarks: nullable(json('备注', 'Remarks')),
  },
  inputs: [withLookback(stockBollingerData, 19), withLookback(dwdDaily, 19), sameDay(dwdStockLabelDaily), sameDay(dimTradeCal)],
  build: { by: 'sql', version: '1' },
  audits: [unique('trade_date', 'ts_code'), between('activity_score', 0, 1), between('avg_amount', 30_000_000, 1e13)],
  readyAt: '18:00',
})
