import { readCode, type Code } from '#core/code.ts'
import type { Grain, Tick } from '#core/tick.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'

/**
 * A tick in 64 bytes, little-endian, version 1:
 *
 *   0 f64 at        epoch ms            40 i32 price       厘
 *   8 f64 seenAt    epoch ms            44 i32 bid1        厘, 0 = side empty, −1 = no quote
 *  16 f64 volume    shares              48 i32 ask1        厘, 0 = side empty, −1 = no quote
 *  24 f64 amount    厘                  52 i32 tradeCount  −1 = not reported
 *  32 u32 code      six digits × 4 + exchange (0 SH, 1 SZ, 2 BJ)
 *  36 u32 date      YYYYMMDD            56 i32 seq
 *  60 u8  grain     ordinal of GRAINS   61 u8 amountEstimated
 *  62 i8  vendorSide +1, −1, 0, 127 = no flag
 *  63 u8  version
 */
export const TICK_BYTES = 64

export const TICK_VERSION = 1

const GRAINS: readonly Grain[] = ['TBT', 'AGG3S', 'SNAPDIFF', 'BAR1M']
const EXCHANGES = ['SH', 'SZ', 'BJ'] as const
const NO_FLAG = 127

/** One buffer for a whole batch, one view of 64 bytes per tick. */
export function encodeTicks(ticks: readonly Tick[]): readonly Uint8Array[] {
  const bytes = new ArrayBuffer(ticks.length * TICK_BYTES)
  const view = new DataView(bytes)
  return ticks.map((tick, i) => {
    writeTick(view, i * TICK_BYTES, tick)
    return new Uint8Array(bytes, i * TICK_BYTES, TICK_BYTES)
  })
}

/** The tick of a payload. Throws RangeError unless it is 64 bytes of a version we know. */
export function decodeTick(payload: Uint8Array): Tick {
  const version = payload[63]
  if (payload.length !== TICK_BYTES || version !== TICK_VERSION)
    throw new RangeError(`Cannot decode a tick: it is ${TICK_BYTES} bytes of version ${TICK_VERSION}, found ${payload.length} bytes of version ${version}`)
  const view = new DataView(payload.buffer, payload.byteOffset, TICK_BYTES)
  const vendorSide = view.getInt8(62)
  return {
    code: codeOf(view.getUint32(32, true)),
    date: view.getUint32(36, true) as TradeDate,
    at: view.getFloat64(0, true) as EpochMs,
    seenAt: view.getFloat64(8, true) as EpochMs,
    seq: view.getInt32(56, true),
    grain: GRAINS[view.getUint8(60)]!,
    price: view.getInt32(40, true),
    volume: view.getFloat64(16, true),
    amount: view.getFloat64(24, true),
    amountEstimated: view.getUint8(61) === 1,
    vendorSide: vendorSide === NO_FLAG ? NaN : vendorSide,
    tradeCount: known(view.getInt32(52, true)),
    bid1: known(view.getInt32(44, true)),
    ask1: known(view.getInt32(48, true)),
  }
}

function writeTick(view: DataView, at: number, tick: Tick): void {
  view.setFloat64(at, tick.at, true)
  view.setFloat64(at + 8, tick.seenAt, true)
  view.setFloat64(at + 16, tick.volume, true)
  view.setFloat64(at + 24, tick.amount, true)
  view.setUint32(at + 32, numberOf(tick.code), true)
  view.setUint32(at + 36, tick.date, true)
  view.setInt32(at + 40, tick.price, true)
  view.setInt32(at + 44, orAbsent(tick.bid1), true)
  view.setInt32(at + 48, orAbsent(tick.ask1), true)
  view.setInt32(at + 52, orAbsent(tick.tradeCount), true)
  view.setInt32(at + 56, tick.seq, true)
  view.setUint8(at + 60, GRAINS.indexOf(tick.grain))
  view.setUint8(at + 61, tick.amountEstimated ? 1 : 0)
  view.setInt8(at + 62, tick.vendorSide === tick.vendorSide ? tick.vendorSide : NO_FLAG)
  view.setUint8(at + 63, TICK_VERSION)
}

function numberOf(code: Code): number {
  return Number(code.slice(0, 6)) * 4 + (code.endsWith('H') ? 0 : code.endsWith('Z') ? 1 : 2)
}

/** Codes come again and again: each text is made once. */
const codes = new Map<number, Code>()

function codeOf(number: number): Code {
  const known = codes.get(number)
  if (known !== undefined) return known
  const code = readCode(`${String(number >>> 2).padStart(6, '0')}.${EXCHANGES[(number & 3) as 0 | 1 | 2]}`)
  codes.set(number, code)
  return code
}

function orAbsent(value: number): number {
  return value === value ? value : -1
}

function known(value: number): number {
  return value < 0 ? NaN : value
}
