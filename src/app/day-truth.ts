import { clockTime, instantOf } from '#core/shanghai-time.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { TruthRow } from '#stream/truth-channel.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import { simEventTable, simTruthScenario, TRUTH_DATABASE, type TruthTable } from '#warehouse/truth-tables.ts'

/** What happened before the open is told with the first auction. */
const FIRST_TOLD = clockTime('09:25')

/** 当日真值: the events and planted scenarios of a day out of the truth store, each with the moment at which it has come about: an event as it begins, a scenario when it is over. */
export async function dayTruth(engine: Engine, date: TradeDate): Promise<readonly TruthRow[]> {
  const rowsOf = ({ name, order }: TruthTable) =>
    engine.rows<Readonly<Record<string, unknown>>>(`select * from ${TRUTH_DATABASE}.${name} where trade_date = {date:UInt32} order by ${order.join(', ')}`, {
      params: { date },
    })
  const open = instantOf(date, FIRST_TOLD)
  const told = ({ name }: TruthTable, rows: readonly Readonly<Record<string, unknown>>[], moment: string): readonly TruthRow[] =>
    rows.map((row) => ({ at: Math.max(open, Number(row[moment] ?? 0)), table: name, row }))
  const events = told(simEventTable, await rowsOf(simEventTable), 'start_ms')
  const scenarios = (await rowsOf(simTruthScenario)).map((row) => ({ ...row, realised: JSON.parse(row['realised'] as string) as unknown }))
  return [...events, ...told(simTruthScenario, scenarios, 't1')]
}
