import type { Engine } from '#warehouse/engine/engine.ts'
import { KlineStore } from './kline-store.ts'
import type { RouteContext } from './route.ts'

const stores = new WeakMap<Engine, KlineStore>()

/** The one store of bars of an engine: every route reads through the same blocks. */
export function klineStore(context: RouteContext): KlineStore {
  return stores.getOrInsertComputed(context.engine, () => new KlineStore(context))
}
