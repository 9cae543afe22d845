/** The ClickHouse types our columns use; the native-format codec handles exactly these, nullable or not. */
export type EngineType = 'UInt8' | 'UInt32' | 'Int32' | 'Int64' | 'Float64' | 'String' | 'LowCardinality(String)'
