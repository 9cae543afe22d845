import { marketOf } from '#core/symbol.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import { Refusal } from './route.ts'

/** Whether the symbol is in the list of its market. */
export async function isKnownSymbol(engine: Engine, symbol: string): Promise<boolean> {
  const list = marketOf(symbol) === 'cn' ? 'dim_stock' : 'dim_foreign_symbol'
  const [row] = await engine.rows<{ present: number }>(`select toUInt32(count()) as present from fupan.${list} where ts_code = {symbol:String}`, {
    params: { symbol },
  })
  return row!.present > 0
}

/** Throws Refusal 404 for a stock nobody knows; `what` is what was asked of it. */
export async function refuseUnknownSymbol(engine: Engine, symbol: string, what: string): Promise<void> {
  if (!(await isKnownSymbol(engine, symbol)))
    throw new Refusal(404, 'SYMBOL_NOT_FOUND', `Cannot show ${what} of ${symbol}: no such stock. Find it with GET /api/symbols?query=`, { symbol })
}
