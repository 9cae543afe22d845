import { Command } from 'commander'
import { ConfigError, nearest, UsageError } from '#core/errors.ts'
import { describeVersion } from '#app/version.ts'
import { commands } from './commands/index.ts'
import { runCommand } from './run-command.ts'

/** The command line. Exit codes follow LAYOUT §10: 64 usage, 65 data, 69 unavailable, 70 bug, 75 try later, 78 configuration. */
export async function main(argv: readonly string[]): Promise<void> {
  // Expected: whoever read our output has enough, as `| head` does.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 70))
  const program = new Command('fupan')
    .description('Fupan (复盘): from raw A-share data to explained candidates and live opportunities, reviewed after the close')
    .version(describeVersion())
    .showHelpAfterError('See: fupan --help')
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
  for (const definition of commands) {
    const command = program.command(definition.name).description(definition.about)
    for (const { name, about } of definition.arguments) command.argument(name, about)
    for (const { flags, about } of definition.options) command.option(flags, about)
    command.option('--world <world>', 'sim or market; by default the one the running server shows, else market once it holds data')
    command.option('--json', 'machine-readable: the reply on stdout, events as JSON lines on stderr')
    command.option('--data-dir <folder>', 'where everything is kept (default: FUPAN_DATA_DIR or ./data)')
    if (definition.examples.length > 0) command.addHelpText('after', `\nExamples:\n${definition.examples.map((example) => `  ${example}`).join('\n')}`)
    command.exitOverride().configureOutput({ writeErr: () => {} })
    command.action(async (...given: unknown[]) => {
      const options = given.at(-2) as Record<string, unknown>
      process.exitCode = await runCommand(definition, given.slice(0, -2), options)
    })
  }
  try {
    await program.parseAsync([...argv], { from: 'user' })
  } catch (error) {
    // One of the four places: around one command line.
    process.exitCode = report(error, argv)
  }
}

function report(error: unknown, argv: readonly string[]): number {
  const code = (error as { readonly code?: string }).code
  if (code === 'commander.help' || code === 'commander.helpDisplayed' || code === 'commander.version') return argv.length === 0 ? 64 : 0
  if (code?.startsWith('commander.') === true) {
    const [word = ''] = argv
    const near =
      code === 'commander.unknownCommand'
        ? nearest(
            word,
            commands.map(({ name }) => name),
          )
        : undefined
    process.stderr.write(
      `Cannot read the command: ${(error as Error).message.replace(/^error: /, '').replace(/\n\(Did you mean [^)]*\)/, '')}${near === undefined ? '' : ` (did you mean ${near}?)`}\nSee: fupan --help\n`,
    )
    return 64
  }
  const { message, stack } = error as Error
  if (error instanceof UsageError || error instanceof ConfigError) {
    if (argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error: { name: error.name, message } })}\n`)
    process.stderr.write(`${message}\n`)
    return error instanceof UsageError ? 64 : 78
  }
  process.stderr.write(`A fault of the program ended the command: ${stack ?? message}\nPlease report it with the command you typed.\n`)
  return 70
}
