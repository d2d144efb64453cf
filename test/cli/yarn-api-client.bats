#!/usr/bin/env bats
# The Python client that tools of YARN's use (yarn-api-client from PyPI): every method it has, against a real cluster. Skipped where it can't be
# installed (no python3, no network). What is refused is refused as YARN refuses it, and listed here.
load helpers

setup_file() {
  new_data
  export VENV=$TEST_DIR/venv
  python3 -m venv "$VENV" >/dev/null 2>&1 && timeout 120 "$VENV/bin/pip" install -q yarn-api-client==1.0.3 >"$TEST_DIR/pip.log" 2>&1 || return 0
  start_cluster 1
  submit_cluster --num-executors 1 --conf spark.yarn.tags=etl --conf spark.yarn.submit.waitAppCompletion=false "$APPS/never-ends.ts" idle 2>"$TEST_DIR/live.err"
  app_id "$(cat "$TEST_DIR/live.err")" >"$TEST_DIR/live"
  wait_for 'it runs' 60 app_in_state "$(cat "$TEST_DIR/live")" RUNNING
}
teardown() { note_failure; }
teardown_file() { stop_everything; }

# What the client itself makes of it: it gives the headers of these two twice and sends nothing; and it wants JSON where YARN (and so we) answers a change of
# scheduler-conf with a sentence. All three are so with YARN, too.
CLIENTS_OWN='cluster_cancel_delegation_token cluster_modify_scheduler_conf_mutation cluster_renew_delegation_token '
# No Kerberos; no reservations; no manifest of auxiliary services.
REFUSED='auxiliary_services_update cluster_delete_reservation cluster_new_delegation_token cluster_new_reservation cluster_reservations cluster_submit_reservation cluster_update_reservation '

@test "every method of yarn-api-client is answered, or refused as YARN refuses it" {
  [ -e "$TEST_DIR/live" ] || skip 'yarn-api-client could not be installed'
  local app container rm nm token
  app=$(cat "$TEST_DIR/live") container=${app/application/container}_01_000001
  rm=$(cat "$EMBERLOOM_DATA/run/rm-http") nm=$(cat "$EMBERLOOM_DATA/run/nm-nm1-http") token=$("$BIN/emberloom" user token)
  mkdir "$TEST_DIR/hadoop"
  cat >"$TEST_DIR/hadoop/yarn-site.xml" <<END
<configuration><property><name>yarn.resourcemanager.webapp.address</name><value>${rm#http://}</value></property>
<property><name>yarn.nodemanager.resource.memory-mb</name><value>8192</value></property></configuration>
END
  HADOOP_CONF_DIR=$TEST_DIR/hadoop timeout 120 "$VENV/bin/python" "$BATS_TEST_DIRNAME/../fixtures/python/yarn_api_client_calls.py" "$rm" "$nm" "$token" "$app" "$container" >"$TEST_DIR/calls"
  cat "$TEST_DIR/calls"
  assert_equal "$(sed -n 's/: FAILED .*//p' "$TEST_DIR/calls" | sort | tr '\n' ' ')" "$CLIENTS_OWN"
  assert_equal "$(sed -n 's/: refused .*//p' "$TEST_DIR/calls" | sort | tr '\n' ' ')" "$REFUSED"
  assert_contains "$(cat "$TEST_DIR/calls")" 'Reservation is not enabled. Please enable & try again'
  assert_matches "$(cat "$TEST_DIR/calls")" "^cluster_applications filtered: ok .*$app"
  assert_contains "$(cat "$TEST_DIR/conf/capacity-scheduler.yaml")" 'yarn.scheduler.capacity.root.default.maximum-applications: "9999"'
  # None of its methods was forgotten here.
  local method
  for method in $(sed -n 's/^methods: //p' "$TEST_DIR/calls"); do
    case $method in request | construct_parameters | response_class) continue ;; esac
    assert_contains "$(cat "$TEST_DIR/calls")" "$method:" || assert_contains "$(cat "$TEST_DIR/calls")" "$method "
  done
  app_in_state "$app" RUNNING
}
