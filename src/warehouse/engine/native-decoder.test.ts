import fc from 'fast-check'
import { expect, test } from 'vitest'
import { frameOf, isLabels, labelAt, labels, toLabels, type Column, type Frame } from '#core/frame.ts'
import { NativeDecoder } from './native-decoder.ts'
import { encodeHeader, encodeNative } from './native-encoder.ts'

/** Decode bytes cut at the given places. */
function decode(bytes: Uint8Array, cuts: readonly number[] = []): Frame[] {
  const decoder = new NativeDecoder()
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]
  const frames = places.slice(1).flatMap((end, i) => [...decoder.push(bytes.slice(places[i], end))])
  decoder.end()
  return frames
}

function cells(column: Column): unknown[] {
  return isLabels(column) ? [...column.index.keys()].map((row) => labelAt(column, row)) : [...column]
}

const whole = (low: number, high: number) => fc.oneof(fc.integer({ min: low, max: high }), fc.constantFrom(low, high, 0))
const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.constantFrom('', '600519.SH', '贵州茅台', "'", '\0'))
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 })

/** One row of every type; the oracle is the row itself. */
const row = fc.record({
  UInt8: whole(0, 255),
  Int8: whole(-128, 127),
  UInt16: whole(0, 65_535),
  Int16: whole(-32_768, 32_767),
  UInt32: whole(0, 4_294_967_295),
  Int32: whole(-2_147_483_648, 2_147_483_647),
  Int64: fc.oneof(fc.maxSafeInteger(), fc.constantFrom(Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, -4_294_967_296, 4_294_967_295)),
  UInt64: fc.maxSafeNat(),
  Float64: fc.double({ noNaN: true }),
  String: text,
  'LowCardinality(String)': text,
  'Nullable(UInt8)': maybe(whole(0, 255)),
  'Nullable(Int32)': maybe(whole(-2_147_483_648, 2_147_483_647)),
  'Nullable(UInt32)': maybe(whole(0, 4_294_967_295)),
  'Nullable(Int64)': maybe(fc.maxSafeInteger()),
  'Nullable(Float64)': maybe(fc.double({ noNaN: true })),
  'Nullable(String)': maybe(text),
  'LowCardinality(Nullable(String))': maybe(text),
})

test('NativeDecoder gives back what encodeNative() wrote, wherever the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.array(row, { maxLength: 20 }), { minLength: 1, maxLength: 3 }), fc.array(fc.nat(), { maxLength: 12 }), (blocks, cuts) => {
      const filled = blocks.filter((rows) => rows.length > 0)
      if (filled.length === 0) return
      const names = Object.keys(filled[0]![0]!) as (keyof (typeof filled)[0][0])[]
      const frames = filled.map((rows) =>
        frameOf(
          Object.fromEntries(
            names.map((name): [string, Column] => [
              name,
              name.includes('String')
                ? toLabels(rows.map((cell) => cell[name] as string | undefined))
                : Float64Array.from(rows, (cell) => (cell[name] as number | undefined) ?? NaN),
            ]),
          ),
        ),
      )
      const bytes = Buffer.concat(frames.flatMap((frame) => encodeNative(frame, Object.fromEntries(names.map((name) => [name, name])))))
      const back = decode(bytes, cuts)
      expect(back.map((frame) => frame.length)).toEqual(filled.map((rows) => rows.length))
      for (const [i, rows] of filled.entries())
        for (const name of names) {
          const missing = name.startsWith('Nullable') && !name.includes('String') ? NaN : undefined
          expect(cells(back[i]!.columns[name]!), name).toEqual(rows.map((cell) => cell[name] ?? missing))
        }
    }),
    { numRuns: 150 },
  )
})

test('NativeDecoder reads a block byte by byte as the engine wrote it', () => {
  // select toLowCardinality(toString(number % 3)) as a, toNullable(number) as b from numbers(5), recorded from ClickHouse 26.7.
  const block = Buffer.from(
    '0205016116' +
      Buffer.from('LowCardinality(String)').toString('hex') +
      '0100000000000000' +
      '0006000000000000' +
      '0400000000000000' +
      '00013001310132' +
      '0500000000000000' +
      '0102030102' +
      '0162' +
      '10' +
      Buffer.from('Nullable(UInt64)').toString('hex') +
      '0000000000' +
      '0000000000000000' +
      '0100000000000000' +
      '0200000000000000' +
      '0300000000000000' +
      '0400000000000000',
    'hex',
  )
  for (const cuts of [[], [...block.keys()]]) {
    const [frame] = decode(block, cuts)
    expect(labels(frame!, 'a')).toEqual({ index: Uint32Array.of(0, 1, 2, 0, 1), values: ['0', '1', '2'] })
    expect(frame!.columns['b']).toEqual(Float64Array.of(0, 1, 2, 3, 4))
  }
})

test('NativeDecoder keeps only texts that occur, in order of first appearance', () => {
  const codes = { index: Uint32Array.of(3, 1, 3), values: ['unused', 'b', 'also unused', 'a'] }
  for (const type of ['String', 'LowCardinality(String)']) {
    const [frame] = decode(Buffer.concat(encodeNative(frameOf({ c: codes }), { c: type })))
    expect(labels(frame!, 'c'), type).toEqual({ index: Uint32Array.of(0, 1, 0), values: ['a', 'b'] })
  }
})

test('NativeDecoder numbers dictionaries of any width, 256 and 65 536 values included', () => {
  for (const size of [255, 256, 257, 65_535, 65_536, 65_537]) {
    const column = { index: Uint32Array.from({ length: size }, (_, i) => size - 1 - i), values: Array.from({ length: size }, (_, i) => `v${i}`) }
    for (const type of ['LowCardinality(String)', 'LowCardinality(Nullable(String))', 'String']) {
      const [frame] = decode(Buffer.concat(encodeNative(frameOf({ c: column }), { c: type })))
      const back = labels(frame!, 'c')
      expect([labelAt(back, 0), labelAt(back, size - 1), back.values.length], `${type} ${size}`).toEqual([`v${size - 1}`, 'v0', size])
    }
  }
})

test('NativeDecoder gives an empty result its columns, and says what it cannot read', () => {
  const [empty] = decode(
    encodeHeader([
      { name: 'x', type: 'Nullable(Int32)' },
      { name: '名', type: 'LowCardinality(String)' },
    ]),
  )
  expect(empty).toEqual({ length: 0, columns: { x: new Float64Array(0), 名: { index: new Uint32Array(0), values: [] } } })
  expect(() => decode(encodeHeader([{ name: 'm', type: 'Map(String, UInt8)' }]))).toThrow(
    'Cannot read column "m" (Map(String, UInt8)): columns of type Map have no place in a frame',
  )
  const big = Buffer.concat([encodeHeader([{ name: 'i', type: 'Int64' }]), Buffer.from('000000000000208000', 'hex')])
  big[1] = 1
  expect(() => decode(big.subarray(0, big.length - 1))).toThrow('within ±2^53')
  const cut = Buffer.concat(encodeNative(frameOf({ a: Float64Array.of(1, 2) }), { a: 'Float64' }))
  expect(() => decode(cut.subarray(0, cut.length - 1))).toThrow('it ends early')
})

test('NativeDecoder copies numbers: the chunk may be reused', () => {
  const bytes = Buffer.concat(encodeNative(frameOf({ a: Float64Array.of(1, 2) }), { a: 'Float64' }))
  const [frame] = decode(bytes)
  bytes.fill(0)
  expect(frame!.columns['a']).toEqual(Float64Array.of(1, 2))
})
