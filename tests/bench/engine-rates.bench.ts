import type { Frame } from '#core/frame.ts'
import { dwdStockDailyStandard } from '#warehouse/dwd/dwd_stock_daily_standard.ts'
import type { Bench } from './bench.ts'
import { withEngine } from './bench-engine.ts'
import { benchDates, fillBars } from './synthetic-bars.ts'

const STOCKS = 1000
const DAYS = 1000
const ROUNDS = 3
const COLUMNS = 'ts_code, trade_date, close, close_hfq, vol_adj, adj_factor, bar_no, day_idx, is_ex_day'

/** What the port to the engine moves: columns out in blocks, out in one piece, in as blocks, and how many small questions it answers. */
export const engineRates: Bench = {
  name: 'engine-rates',
  about: 'rows read and inserted, statements answered per second',
  async prepare({ folder, scale }) {
    await withEngine(folder, (engine) => fillBars(engine, Math.round(STOCKS * scale), benchDates(DAYS)))
  },
  async *run({ folder }) {
    const rates = await withEngine(folder, async (engine) => {
      const [blocks, whole, sorted, inserted, small]: number[][] = [[], [], [], [], []]
      const select = `select ${COLUMNS} from fupan.${dwdStockDailyStandard.name}`
      const count = async (frames: AsyncIterable<Frame>) => {
        let rows = 0
        for await (const frame of frames) rows += frame.length
        return rows
      }
      for (let round = 0; round < ROUNDS; round++) {
        blocks!.push(await perSecond(() => count(engine.frames(select))))
        sorted!.push(await perSecond(() => count(engine.frames(`${select} order by ts_code, trade_date`))))
        whole!.push(await perSecond(async () => (await engine.frame(select)).length))
        const frame = await engine.frame(`${select} where trade_date >= 20260101 limit 500000`)
        await engine.exec(`create or replace table fupan.bench_inserted engine = MergeTree order by (ts_code, trade_date) as ${select} limit 0`)
        inserted!.push(await perSecond(async () => (await engine.insert('fupan.bench_inserted', frame), frame.length)))
        small!.push(
          await perSecond(async () => {
            for (let i = 0; i < 200; i++)
              await engine.rows(
                'select trade_date, close from fupan.dwd_stock_daily_standard where ts_code = {code:String} order by trade_date desc limit 20',
                { params: { code: '000007.SZ' } },
              )
            return 200
          }),
        )
      }
      return { blocks: blocks!, whole: whole!, sorted: sorted!, inserted: inserted!, small: small! }
    })
    const baseline = { name: 'unordered blocks', readings: rates.blocks }
    yield { name: 'rows read in blocks, as they lie', unit: 'per s', readings: rates.blocks }
    yield { name: 'rows read in blocks, ordered', unit: 'per s', readings: rates.sorted, baseline }
    yield { name: 'rows read as one frame', unit: 'per s', readings: rates.whole, baseline }
    yield { name: 'rows inserted', unit: 'per s', readings: rates.inserted }
    yield { name: 'latest 20 bars of a stock', unit: 'per s', readings: rates.small }
  },
}

async function perSecond(work: () => Promise<number>): Promise<number> {
  const started = performance.now()
  const done = await work()
  return (done * 1000) / (performance.now() - started)
}
