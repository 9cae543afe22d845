// A ClickHouse HTTP server for the contract tests: the embedded library's own HTTP handler, started through its command-line entry (spec engine §9).
// Run as: node --experimental-ffi --no-warnings http-host.test-support.mjs <library> <directory> <port>. It serves until it is
// killed (SIGKILL), and for half an hour at most, so that nothing is left behind when the tests are killed themselves.
import ffi from 'node:ffi'
import { argv, exit } from 'node:process'

const [library, directory, port] = argv.slice(2)

const listenForever =
  'SYSTEM START LISTEN HTTP; SELECT sleepEachRow(1) FROM numbers(1800) ' +
  'SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0, max_threads = 1'

const words = [
  'clickhouse',
  `--path=${directory}`,
  '--listen_host=127.0.0.1',
  `--http_port=${port}`,
  '--background_pool_size=16',
  '--output-format=Null',
  '--query',
  listenForever,
].map((word) => Buffer.from(`${word}\0`, 'utf8'))

const pointers = Buffer.alloc((words.length + 1) * 8)
words.forEach((word, i) => pointers.writeBigUInt64LE(ffi.getRawPointer(word), i * 8))

const { functions } = ffi.dlopen(library, { chdb_query_cmdline: { arguments: ['i32', 'pointer'], return: 'pointer' } })
functions.chdb_query_cmdline(words.length, ffi.getRawPointer(pointers))
exit(1)
