# Pages and REST over TLS (yarn.http.policy: HTTPS_ONLY), with the certificate that the host makes for itself.
load helpers

setup_file() {
  new_data
  write_conf 'yarn.http.policy: HTTPS_ONLY' 'yarn.resourcemanager.webapp.https.address: localhost:0' 'yarn.nodemanager.webapp.https.address: localhost:0'
  start_cluster 1 >"$TEST_DIR/said"
}
teardown_file() { stop_everything; }
teardown() { note_failure; }

# Nothing is skipped: the certificate of the host is the only one that is trusted, and it must have the name.
get() { curl -s -m 20 --cacert "$TEST_DIR/host.pem" "$@"; }

has_page() { get "$1/ws/v1/cluster/apps/$2" | grep -q '"trackingUrl"'; }

@test "both daemons speak TLS only, with the host's own certificate, whose fingerprint is in their logs; links lead to https" {
  local rm nm shown
  rm=$(cat "$EMBERLOOM_DATA/run/rm-http") nm=$(cat "$EMBERLOOM_DATA/run/nm-nm1-http")
  assert_matches "$rm" '^https://127\.0\.0\.1:[0-9]+$'
  assert_contains "$(cat "$TEST_DIR/said")" "answers at $rm"
  assert_equal "$(stat -c %a "$EMBERLOOM_DATA/https.pem")" 600
  sed -n '/BEGIN CERT/,/END CERT/p' "$EMBERLOOM_DATA/https.pem" >"$TEST_DIR/host.pem"
  shown=$("$NODE" -p 'new crypto.X509Certificate(fs.readFileSync(process.argv[1])).fingerprint256' "$TEST_DIR/host.pem")
  for log in "$EMBERLOOM_DATA"/logs/*resourcemanager*.log "$EMBERLOOM_DATA"/logs/*nodemanager*.log; do assert_contains "$(cat "$log")" "fingerprint is $shown"; done
  assert_equal "$(get -o /dev/null -w '%{http_code}' "${rm/127.0.0.1/localhost}/ws/v1/cluster/info")" 200
  run curl -s -m 20 "$rm/ws/v1/cluster/info"
  assert_equal "$status" 60
  run curl -s -m 20 "${rm/https/http}/ws/v1/cluster/info"
  [ "$status" -ne 0 ]
  run submit_cluster --conf spark.yarn.submit.waitAppCompletion=false "$APPS/never-ends.ts" idle
  local id
  id=$(app_id "$output")
  wait_for 'it has a page' 30 has_page "$rm" "$id"
  run get "$rm/ws/v1/cluster/apps/$id"
  assert_contains "$output" "\"amContainerLogs\":\"$nm/node/containerlogs/"
  assert_contains "$output" "\"trackingUrl\":\"$rm/proxy/$id/\""
  run get -L "$(grep -oE '"amContainerLogs":"[^"]+' <<<"$output" | cut -d'"' -f4)"
  assert_contains "$output" '<title>'
  run get -D - -o /dev/null "$rm/cluster?emberloom.token=$("$BIN/emberloom" user token)"
  assert_contains "$output" 'SameSite=Strict; Secure'
  assert_contains "$(yarn container -list "$(yarn applicationattempt -list "$id" 2>/dev/null | grep -oE 'appattempt_\w+' | head -1)" 2>/dev/null)" "$nm/node/containerlogs/"
}
