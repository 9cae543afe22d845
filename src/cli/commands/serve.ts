import { defineCommand } from '../command.ts'

export const serve = defineCommand({
  name: 'serve',
  about: 'Serve the cockpit and the API of a world; other commands then go through it',
  arguments: [],
  options: [
    { flags: '--port <port>', about: 'default 8710 (FUPAN_PORT)' },
    { flags: '--host <host>', about: 'default 127.0.0.1; any other address needs FUPAN_TOKEN' },
  ],
  examples: ['fupan serve', 'fupan serve --world sim --port 9000'],
  does: 'serve',
  args: () => ({}),
  render: () => '',
})
