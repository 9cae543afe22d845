import { category, cny, code, count, date, engineTypeOf, instant, json, nullable, number, price, ratio, text, yesno, type ColumnDef } from './column.ts'

/**
 * 真值库: a database of its own beside the warehouse. The guard of `fupan query` lets statements read the warehouse's database only, and no route of the API names
 * another one, so no feature can learn from what is written here: it is read by tests, by `fupan sim truth` and by whoever opens the engine himself.
 */
export const TRUTH_DATABASE = 'truth'

/** One table of the truth store. It is written anew as a whole. */
export interface TruthTable {
  readonly name: string
  readonly columns: Readonly<Record<string, ColumnDef>>
  readonly order: readonly string[]
}

/** 剧本与场景: what was planted, as it came about (spec simulator §12.2). */
export const simTruthScenario: TruthTable = {
  name: 'sim_truth_scenario',
  columns: {
    scenario_id: text('场景编号', 'Scenario'),
    world: text('世界指纹', 'World digest'),
    symbol: code('证券代码', 'Code', { about: 'MKT for the whole market.' }),
    trade_date: date('交易日', 'Trade date'),
    type: category('类型', 'Type'),
    phase: category('阶段', 'Phase', { about: 'Part of a scenario of several stocks or days; empty for the others.' }),
    item: count('剧本条目', 'Script item', { about: 'From 1.' }),
    level_price: nullable(price('价位', 'Level')),
    band_pct: nullable(ratio('观察带', 'Band')),
    t0: instant('起', 'From'),
    t1: instant('止', 'To'),
    strength: number('强度', 'Strength'),
    n_tests: count('测试数', 'Tests'),
    outcome: category('结果', 'Outcome'),
    planted_value: cny('成交额', 'Value traded', { about: 'Between t0 and t1; of an order-book scenario what its planted agent traded.' }),
    planted_net: cny('净主动买入', 'Net bought'),
    expected_label: category('应检出', 'Expected label'),
    amplitude: nullable(ratio('实现幅度', 'Realised amplitude')),
    realised: json('计划与实现', 'Planned and realised'),
  },
  order: ['trade_date', 'symbol', 'scenario_id'],
}

/** 价位测试: every visit of a scenario to its level, from true aggressors. */
export const simTruthTest: TruthTable = {
  name: 'sim_truth_test',
  columns: {
    scenario_id: text('场景编号', 'Scenario'),
    test_id: count('测试编号', 'Test'),
    enter_ms: instant('进入', 'Enter'),
    exit_ms: nullable(instant('离开', 'Exit')),
    max_penetration: ratio('最大击穿', 'Deepest penetration'),
    big_buy_value: cny('大单买入', 'Big buys'),
    big_sell_value: cny('大单卖出', 'Big sells'),
    total_value: cny('成交额', 'Value'),
    ofi: nullable(ratio('订单流失衡', 'Order-flow imbalance')),
    fut_ret_30m: nullable(ratio('后30分钟收益', 'Return after 30 minutes')),
    fut_ret_1d: nullable(ratio('次日收益', 'Return to the next close')),
  },
  order: ['scenario_id', 'test_id'],
}

/** 委托归属: who sent each order of an order-book scenario. */
export const simTruthOrder: TruthTable = {
  name: 'sim_truth_order',
  columns: {
    symbol: code('证券代码', 'Code'),
    trade_date: date('交易日', 'Trade date'),
    order_id: count('委托编号', 'Order'),
    owner_type: category('归属', 'Owner'),
    parent_id: count('母单编号', 'Parent', { about: '0 = none: orders of the planted agents stand alone.' }),
    side: category('方向', 'Side', { about: 'B or S.' }),
  },
  order: ['symbol', 'trade_date', 'order_id'],
}

/** 真值信号: the observable number that knows a little about the next day's return. */
export const simTruthSignal: TruthTable = {
  name: 'sim_truth_signal',
  columns: { symbol: code('证券代码', 'Code'), trade_date: date('交易日', 'Trade date'), signal: number('信号', 'Signal') },
  order: ['symbol', 'trade_date'],
}

/** 行情状态: a row wherever a chain changes. */
export const simTruthRegime: TruthTable = {
  name: 'sim_truth_regime',
  columns: {
    entity: code('对象', 'Entity', { about: 'MKT, a sector by its name, a stock by its code.' }),
    time_ms: instant('起', 'From'),
    regime: category('状态', 'Regime'),
  },
  order: ['entity', 'time_ms'],
}

/** 因子收益: overnight and session returns of the market, the sectors and the styles. */
export const simTruthFactor: TruthTable = {
  name: 'sim_truth_factor',
  columns: { trade_date: date('交易日', 'Trade date'), factor: category('因子', 'Factor'), return: ratio('对数收益', 'Log return') },
  order: ['factor', 'trade_date'],
}

/** 事件: every event of the generator. */
export const simEventTable: TruthTable = {
  name: 'sim_event',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    kind: category('事件', 'Event'),
    entity: code('对象', 'Entity', { about: 'MKT, a sector by its name, a stock by its code.' }),
    cause: text('原因', 'Cause'),
    start_ms: nullable(instant('起', 'From', { about: 'NULL: before the open.' })),
    size: number('大小', 'Size', { about: 'Log return as planned, of a print far from the price and of a halt as it came about; 0 where it has none.' }),
    days: count('持续', 'Days'),
    minutes: number('持续分钟', 'Minutes', { about: 'Of trading that a halt takes; 0 for other events.' }),
    is_public: yesno('公开', 'Public'),
    is_sentiment_known: yesno('方向已知', 'Sentiment known'),
  },
  order: ['trade_date', 'entity', 'kind'],
}

/** Which world the store tells of; written last, so that a store that was left half written is written again. */
export const simTruthState: TruthTable = {
  name: 'sim_truth_state',
  columns: { world: text('世界指纹', 'World digest'), from_date: date('起', 'From'), to_date: date('止', 'To') },
  order: ['world'],
}

export const truthTables: readonly TruthTable[] = [
  simTruthScenario,
  simTruthTest,
  simTruthOrder,
  simTruthSignal,
  simTruthRegime,
  simTruthFactor,
  simEventTable,
  simTruthState,
]

/** The statements that make an empty truth store, whatever was there before. */
export function truthDdl(): readonly string[] {
  const lines = (columns: TruthTable['columns']) => Object.entries(columns).map(([name, column]) => `\`${name}\` ${engineTypeOf(column)}`)
  return [
    `create database if not exists ${TRUTH_DATABASE}`,
    ...truthTables.map(
      ({ name, columns, order }) =>
        `create or replace table ${TRUTH_DATABASE}.${name} (${lines(columns).join(', ')}) engine = MergeTree order by (${order.join(', ')})`,
    ),
  ]
}
