import { join } from 'node:path'
import type { Config, World } from './config.ts'

/** Where a world keeps its things: engine, ledger and stream log, each in its own folder. */
export interface WorldFolders {
  readonly root: string
  readonly engine: string
  readonly stream: string
}

/** 模拟与真实 live in separate folders below the data directory, so that no table can mix them (ADR 10). */
export function foldersOf(config: Config, world: World): WorldFolders {
  const root = join(config.dataDirectory.value, world)
  return { root, engine: join(root, 'engine'), stream: join(root, 'stream') }
}

export const WORLD_LABELS: Readonly<Record<World, { readonly zh: string; readonly en: string }>> = {
  sim: { zh: '模拟市场', en: 'Simulated market' },
  market: { zh: '真实市场', en: 'Real market' },
}
