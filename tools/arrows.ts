/** Who may import whom: data flows left to right, imports flow right to left (docs/start-here.md). `types:x` allows only `import type`. */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  // the still centre: values in, values out
  core: [],
  numeric: [],
  market: ['core', 'numeric'],
  micro: ['core', 'numeric'],
  detectors: ['core'],
  opportunity: ['core'],
  strategies: ['core', 'numeric', 'types:backtest'],
  backtest: ['core', 'numeric', 'micro'],
  // the machines: the only folders that touch disk, network and time
  dag: ['core'],
  ledger: ['core', 'types:backtest', 'types:dag', 'types:opportunity'],
  vendor: ['core', 'market', 'numeric'],
  sources: ['core', 'imports', 'market', 'vendor'],
  imports: ['core'],
  warehouse: ['core', 'numeric', 'micro'],
  research: ['core', 'numeric', 'market', 'micro', 'backtest', 'strategies', 'warehouse'],
  stream: ['core', 'micro', 'numeric', 'detectors', 'opportunity'],
  // the surfaces: what a person or a program touches
  api: ['core', 'numeric', 'warehouse', 'types:backtest', 'types:dag', 'types:ledger', 'types:opportunity', 'types:stream'],
  app: [
    'core',
    'api',
    'backtest',
    'dag',
    'detectors',
    'imports',
    'ledger',
    'market',
    'opportunity',
    'research',
    'sources',
    'strategies',
    'stream',
    'vendor',
    'warehouse',
  ],
  cli: ['core', 'app', 'types:dag', 'types:ledger'],
  web: ['core', 'numeric', 'types:api'],
}

/** Folders that hold values and pure functions only: no clock, dice, disk, network, nothing to wait for. */
export const pure: readonly string[] = ['core', 'numeric', 'market', 'micro', 'detectors', 'opportunity', 'strategies', 'backtest']
