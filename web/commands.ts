/** The commands the pages name when something is missing: the one place that spells them. */
export const commands = {
  serve: 'node bin/fupan.mjs serve',
  demo: 'node bin/fupan.mjs demo',
  run: 'node bin/fupan.mjs run',
  runTo: (date: number) => `node bin/fupan.mjs run ${date}`,
  replay: 'node bin/fupan.mjs replay',
  importMinutes: 'node bin/fupan.mjs import <file>',
  status: 'node bin/fupan.mjs status',
} as const
