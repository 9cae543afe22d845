import { ConfigError } from '#core/errors.ts'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'

/** Which market the numbers belong to: the simulator's, or the one whose files and feeds the user brought. They never share a directory. */
export type World = 'sim' | 'market'

export interface Setting<Value> {
  readonly value: Value
  readonly from: 'default' | 'fupan.config.json' | 'environment' | 'flag'
  readonly secret: boolean
}

export interface Config {
  /** Everything Fupan keeps lies below this folder. */
  readonly dataDirectory: Setting<string>
  readonly port: Setting<number>
  readonly host: Setting<string>
  readonly clickhouseUrl: Setting<string | undefined>
  readonly token: Setting<string | undefined>
  /** TuShare 账号: absent = the source is off. */
  readonly tushareToken: Setting<string | undefined>
  readonly tushareUrl: Setting<string>
  /** Calls per minute and interface of the account. */
  readonly tushareCallsPerMinute: Setting<number>
  /** Bytes the embedded engine may use. */
  readonly memoryBytes: Setting<number | undefined>
  /** What `/api/klines` labels bars by where a request does not say. */
  readonly barLabel: Setting<'end' | 'start'>
  readonly threadPoolSize: number
}

const fileShape = z.strictObject({
  dataDirectory: z.string().min(1).optional(),
  port: z.number().int().min(0).max(65_535).optional(),
  host: z.string().min(1).optional(),
  clickhouseUrl: z.url().optional(),
  memoryBytes: z.number().int().positive().optional(),
  barLabel: z.enum(['end', 'start']).optional(),
  tushareUrl: z.url({ protocol: /^https?$/ }).optional(),
  tushareCallsPerMinute: z.number().int().positive().optional(),
})

export interface Flags {
  readonly dataDirectory?: string
  readonly port?: number
  readonly host?: string
}

/**
 * Defaults, then `fupan.config.json` in the working folder, then the environment, then flags. The only place that reads the environment.
 * Throws ConfigError naming the setting and where it was found.
 */
export function readConfig(flags: Flags = {}, environment: Readonly<Record<string, string | undefined>> = process.env, folder: string = process.cwd()): Config {
  const file = readFile(folder)
  const pick = <Value>(
    name: string,
    byDefault: Value,
    secret: boolean,
    flag: Value | undefined,
    variable: string,
    fromFile: Value | undefined,
    parse: (text: string) => Value | undefined,
  ): Setting<Value> => {
    if (flag !== undefined) return { value: flag, from: 'flag', secret }
    const text = environment[variable]
    if (text !== undefined && text !== '') {
      const value = parse(text)
      if (value === undefined)
        throw new ConfigError(`Cannot read ${name}: the environment variable ${variable} holds ${secret ? 'an unusable value' : JSON.stringify(text)}`)
      return { value, from: 'environment', secret }
    }
    return fromFile === undefined ? { value: byDefault, from: 'default', secret } : { value: fromFile, from: 'fupan.config.json', secret }
  }
  const text = (value: string) => value
  const dataDirectory = pick('the data directory', 'data', false, flags.dataDirectory, 'FUPAN_DATA_DIR', file.dataDirectory, text)
  const config: Config = {
    dataDirectory: { ...dataDirectory, value: resolve(folder, dataDirectory.value) },
    port: pick('the port', 8710, false, flags.port, 'FUPAN_PORT', file.port, portOf),
    host: pick('the host', '127.0.0.1', false, flags.host, 'FUPAN_HOST', file.host, text),
    clickhouseUrl: pick<string | undefined>('the ClickHouse address', undefined, true, undefined, 'FUPAN_CLICKHOUSE_URL', file.clickhouseUrl, (value) =>
      URL.canParse(value) ? value : undefined,
    ),
    token: pick<string | undefined>('the access token', undefined, true, undefined, 'FUPAN_TOKEN', undefined, (value) =>
      value.length >= 16 ? value : undefined,
    ),
    tushareToken: pick<string | undefined>('the TuShare token', undefined, true, undefined, 'TUSHARE_TOKEN', undefined, (value) =>
      /^[\w-]{8,128}$/.test(value) ? value : undefined,
    ),
    tushareUrl: pick('the TuShare address', 'https://api.tushare.pro', false, undefined, 'FUPAN_TUSHARE_URL', file.tushareUrl, (value) =>
      /^https?:/.test(value) && URL.canParse(value) ? value : undefined,
    ),
    tushareCallsPerMinute: pick('the TuShare call rate', 200, false, undefined, 'FUPAN_TUSHARE_CALLS_PER_MINUTE', file.tushareCallsPerMinute, positive),
    memoryBytes: pick<number | undefined>('the engine memory', undefined, false, undefined, 'FUPAN_MEMORY_BYTES', file.memoryBytes, (value) => positive(value)),
    barLabel: pick<'end' | 'start'>('the bar label', 'end', false, undefined, 'FUPAN_BAR_LABEL', file.barLabel, (value) =>
      value === 'end' || value === 'start' ? value : undefined,
    ),
    threadPoolSize: Number(environment['UV_THREADPOOL_SIZE'] ?? 4),
  }
  const loopback = ['127.0.0.1', '::1', 'localhost'].includes(config.host.value)
  if (!loopback && config.token.value === undefined) {
    throw new ConfigError(
      `Cannot listen on ${config.host.value}: an address other than this machine needs an access token. Set FUPAN_TOKEN to at least 16 characters, or keep 127.0.0.1`,
    )
  }
  return Object.freeze(config)
}

function readFile(folder: string): z.output<typeof fileShape> {
  const path = resolve(folder, 'fupan.config.json')
  if (!existsSync(path)) return {}
  try {
    return fileShape.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    // Expected: a file a person wrote by hand.
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message
    throw new ConfigError(`Cannot read fupan.config.json: ${why}`, { cause: error })
  }
}

function portOf(text: string): number | undefined {
  const port = Number(text)
  return Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : undefined
}

function positive(text: string): number | undefined {
  const value = Number(text)
  return Number.isSafeInteger(value) && value > 0 ? value : undefined
}
