// The simulated market under PM2: pm2 start docs/pm2/fupan-sim.config.cjs
module.exports = {
  apps: [
    {
      name: 'fupan-sim',
      script: 'bin/fupan.mjs',
      args: 'sim run',
      cwd: require('node:path').join(__dirname, '..', '..'),
      // A small young generation and one heap of the C library (glibc): a daemon waits most of its time and should not hold memory for it.
      env: { NODE_OPTIONS: '--max-semi-space-size=4', MALLOC_ARENA_MAX: '1' },
      exec_mode: 'fork',
      instances: 1,
      // SIGINT ends it after the minute's transaction.
      kill_timeout: 10_000,
      // 64 and 78 are mistakes of the command or the settings: starting again would not help.
      stop_exit_codes: [0, 64, 78],
      restart_delay: 5000,
    },
  ],
}
