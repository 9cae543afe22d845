type Numbers = Float64Array | Uint32Array | Int32Array | Uint8Array

/** The same numbers in memory that every thread of the process reads: handed to a worker they are not copied. Nobody writes to them afterwards. */
export function shared<Array extends Numbers>(values: Array): Array {
  const type = values.constructor as new (buffer: SharedArrayBuffer) => Array
  const copy = new type(new SharedArrayBuffer(values.byteLength))
  copy.set(values)
  return copy
}
