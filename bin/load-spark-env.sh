# Sourced once by the launchers: conf/spark-env.sh, if there is one, with everything that it sets exported. EMBERLOOM_BIN is set.
if [ -z "$SPARK_ENV_LOADED" ]; then
  export SPARK_ENV_LOADED=1
  emberloom_env_file="${EMBERLOOM_CONF_DIR:-${SPARK_CONF_DIR:-$EMBERLOOM_BIN/../conf}}/spark-env.sh"
  if [ -f "$emberloom_env_file" ]; then
    set -a
    . "$emberloom_env_file"
    set +a
  fi
fi
