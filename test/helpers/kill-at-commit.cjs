// Preloaded into a daemon (NODE_OPTIONS=--require …): it dies by SIGKILL right after commit number KILL_AT of its state store, before it can tell
// anybody of it. Sees the commits by way of better-sqlite3, so that the daemon need know nothing of it.
const Sqlite = require('better-sqlite3');

const at = Number(process.env.KILL_AT);
const { transaction } = Sqlite.prototype;
let commits = 0;
Sqlite.prototype.transaction = function (run) {
  const real = transaction.call(this, run);
  const after = (result) => {
    if (++commits === at) process.kill(process.pid, 'SIGKILL');
    return result;
  };
  return Object.assign((...args) => after(real(...args)), { immediate: (...args) => after(real.immediate(...args)) });
};
