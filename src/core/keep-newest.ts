/**
 * Put a value into a map as its newest entry; of more than `most` entries the oldest leaves. Where what is asked for again is put again, those used last stay (LRU); where only what is
 * new is put, those made last (FIFO). Returns the value.
 */
export function keepNewest<Key, Value>(kept: Map<Key, Value>, key: Key, value: Value, most: number): Value {
  kept.delete(key)
  kept.set(key, value)
  if (kept.size > most) kept.delete(kept.keys().next().value!)
  return value
}
