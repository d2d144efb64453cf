# Sourced by the launchers in bin/, which set EMBERLOOM_BIN (this folder) first. Picks the Node.js, installs and builds a fresh
# checkout once (emberloom-setup), and becomes the bundle: `exec`, so the caller keeps the pid that it started.
# POSIX sh; on the ordinary path one process is started besides Node.js itself, `find`, and that only in a source checkout.

emberloom_home="$EMBERLOOM_BIN/.."

# Sets emberloom_node. The npm package `node` first (pinned to the version that we test with), then SPARK_NODE, then a system node ≥ 24.
emberloom_find_node() {
  if [ -n "$SPARK_NODE" ]; then emberloom_node=$SPARK_NODE; return; fi
  for emberloom_node in "$emberloom_home/node_modules/node/bin/node" "$emberloom_home/../node/bin/node"; do
    [ -x "$emberloom_node" ] && return
  done
  emberloom_node=node
  case $(node -p 'parseInt(process.versions.node) >= 24' 2>/dev/null) in
    true) return ;;
  esac
  echo "emberloom: no Node.js 24 or newer: the npm package \`node\` is not installed beside Emberloom, and the system has ${1:-none}." >&2
  echo "  Run \`npm install\` again with install scripts allowed, or set SPARK_NODE to a Node.js 24 binary." >&2
  exit 1
}

# In a checkout: packages and dist/ must be there and not older than what they are made from.
emberloom_fresh() {
  [ -d "$emberloom_home/src" ] || return 0
  [ -n "$EMBERLOOM_SKIP_SETUP" ] && return 0
  [ -f "$emberloom_home/node_modules/.package-lock.json" ] || return 1
  [ "$emberloom_home/package-lock.json" -nt "$emberloom_home/node_modules/.package-lock.json" ] && return 1
  [ -f "$emberloom_home/dist/.stamp" ] || return 1
  [ -z "$(find "$emberloom_home/src" "$emberloom_home/scripts" -newer "$emberloom_home/dist/.stamp" \( -name '*.ts' -o -name '*.tsx' -o -name '*.css' -o -name '*.html' \) -print -quit 2>/dev/null)" ]
}

# emberloom_run <bundle> [arguments]; node options in emberloom_node_options
emberloom_run() {
  emberloom_bundle=$1
  shift
  emberloom_fresh || "$EMBERLOOM_BIN/emberloom-setup" || exit 1
  emberloom_find_node
  if [ ! -f "$emberloom_home/dist/$emberloom_bundle.cjs" ]; then
    echo "emberloom: $emberloom_home/dist/$emberloom_bundle.cjs is missing: run \`npm run build\`, or install the package again." >&2
    exit 1
  fi
  if [ -n "$SPARK_PRINT_LAUNCH_COMMAND" ]; then
    echo "Spark Command: $emberloom_node $emberloom_node_options $emberloom_home/dist/$emberloom_bundle.cjs $*" >&2
    echo "========================================" >&2
  fi
  # shellcheck disable=SC2086 # several options are several words
  exec "$emberloom_node" $emberloom_node_options "$emberloom_home/dist/$emberloom_bundle.cjs" "$@"
}
