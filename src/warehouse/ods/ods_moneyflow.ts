import { code, date, nullable, number, share } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

const LOTS = { unit: 'lots' } as const
const WAN = { unit: '10,000 CNY' } as const
const buys = 'buy_sm_amount + buy_md_amount + buy_lg_amount + buy_elg_amount'
const sells = 'sell_sm_amount + sell_md_amount + sell_lg_amount + sell_elg_amount'

/** 个股资金流向: what was bought and sold in small, medium, large and extra-large orders. Spec warehouse-ods §5.9. */
export const odsMoneyflow = defineTable({
  name: 'ods_moneyflow',
  layer: 'ods',
  label: { zh: '个股资金流向', en: 'Money flow' },
  about:
    'One row per stock and day, no Beijing stocks: volume and amount by the size of the order on each side (small below 50,000 CNY, medium below 200,000, large below 1,000,000), and the net of the active orders, which is not the sum of the classes.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    buy_sm_vol: nullable(share('小单买入量', 'Small bought, volume', LOTS)),
    buy_sm_amount: nullable(number('小单买入额', 'Small bought', WAN)),
    sell_sm_vol: nullable(share('小单卖出量', 'Small sold, volume', LOTS)),
    sell_sm_amount: nullable(number('小单卖出额', 'Small sold', WAN)),
    buy_md_vol: nullable(share('中单买入量', 'Medium bought, volume', LOTS)),
    buy_md_amount: nullable(number('中单买入额', 'Medium bought', WAN)),
    sell_md_vol: nullable(share('中单卖出量', 'Medium sold, volume', LOTS)),
    sell_md_amount: nullable(number('中单卖出额', 'Medium sold', WAN)),
    buy_lg_vol: nullable(share('大单买入量', 'Large bought, volume', LOTS)),
    buy_lg_amount: nullable(number('大单买入额', 'Large bought', WAN)),
    sell_lg_vol: nullable(share('大单卖出量', 'Large sold, volume', LOTS)),
    sell_lg_amount: nullable(number('大单卖出额', 'Large sold', WAN)),
    buy_elg_vol: nullable(share('特大单买入量', 'Extra large bought, volume', LOTS)),
    buy_elg_amount: nullable(number('特大单买入额', 'Extra large bought', WAN)),
    sell_elg_vol: nullable(share('特大单卖出量', 'Extra large sold, volume', LOTS)),
    sell_elg_amount: nullable(number('特大单卖出额', 'Extra large sold', WAN)),
    net_mf_vol: nullable(share('净流入量', 'Net of active orders, volume', LOTS)),
    net_mf_amount: nullable(number('净流入额', 'Net of active orders', WAN)),
    trade_count: nullable(number('成交笔数', 'Trades', { unit: 'count', about: 'May be absent.' })),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code'), severity: 'warning' },
    holds(
      'not_negative',
      'least(buy_sm_amount, sell_sm_amount, buy_md_amount, sell_md_amount, buy_lg_amount, sell_lg_amount, buy_elg_amount, sell_elg_amount) >= 0',
      'trade_date, ts_code',
    ),
    holds('sides_agree', `abs(${buys} - (${sells})) <= 0.05 * greatest(${buys}, ${sells}, 1)`, 'trade_date, ts_code', 'warning'),
  ],
  readyAt: '19:00',
})
