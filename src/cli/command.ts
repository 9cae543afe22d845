export type Does = 'verb' | 'serve' | 'demo' | 'live'

/** How a verb is asked for in a terminal and how its reply is shown there. */
export interface CommandDefinition {
  readonly name: string
  readonly about: string
  readonly arguments: readonly { readonly name: string; readonly about: string }[]
  readonly options: readonly { readonly flags: string; readonly about: string }[]
  readonly examples: readonly string[]
  /** Which world it runs in when the user does not say; 'chosen' = the usual choice. */
  readonly world?: 'sim' | 'market'
  /** The verb's arguments from what was typed. Throws UsageError. */
  args(positional: readonly unknown[], options: Readonly<Record<string, unknown>>): unknown
  /** What the process that owns the world does: runs the verb of this name, or stays as a server, perhaps with a live simulated market; one word for all arguments, or told from them. */
  readonly does: Does | ((args: unknown) => Does)
  /** The reply as text for a person. */
  render(data: unknown): string
}

export function defineCommand(command: CommandDefinition): CommandDefinition {
  return command
}
