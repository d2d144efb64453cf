# Scheduling inside an application with real processes: copies of slow tasks, pools, cancellation, exclusion, barrier stages.
load helpers

setup() { new_data; }
teardown() { stop_everything; }

@test "speculation: a task that hangs gets a copy on another executor; results and saved files are those of one attempt" {
  run --separate-stderr submit --master 'local-cluster[2,1,512]' --conf spark.speculation=true --conf spark.speculation.quantile=0.5 \
    "$APPS/straggler.ts" "$TEST_DIR/out"
  assert_status 0
  assert_equal "$output" "$(printf 'sum 780\nlines 40')"
  assert_contains "$stderr" 'as speculatable because it ran more than'
  assert_equal "$(ls "$TEST_DIR/out" | tr '\n' ' ')" '_SUCCESS part-00000 part-00001 part-00002 part-00003 '
}

@test "exclusion: tasks that fail on one executor go to another, and the application leaves that executor" {
  run --separate-stderr submit --master 'local-cluster[2,1,512]' --conf spark.excludeOnFailure.enabled=true --conf spark.task.maxFailures=3 \
    "$APPS/bad-executor.ts" "$TEST_DIR/failed"
  assert_status 0
  assert_equal "$output" "$(printf 'sum 3160\nagain 3160')"
  assert_contains "$stderr" 'Excluding executor 1 for stage 0.0: 2 tasks failed there'
  assert_contains "$stderr" 'Excluding executor 1 for the application for 3600000 ms'
}

@test "exclusion: when no executor is left the job ends, and says which failure it was" {
  run --separate-stderr submit --master 'local-cluster[1,1,512]' --conf spark.excludeOnFailure.enabled=true \
    --conf spark.scheduler.excludeOnFailure.unschedulableTaskSetTimeout=1s "$APPS/bad-record.ts"
  assert_status 1
  assert_contains "$stderr" 'cannot run anywhere due to node and executor excludeOnFailure.'
}

@test "jobs are cancelled by tag, group, stage and id; tasks that do not listen are ended, and the next job runs" {
  run --separate-stderr submit --master 'local[2]' --conf spark.task.reaper.enabled=true --conf spark.task.reaper.pollingInterval=100ms \
    --conf spark.task.reaper.killTimeout=300ms "$APPS/cancels.ts" "$TEST_DIR"
  assert_status 0
  assert_equal "$output" "tag: Job 0 cancelled part of cancelled job tags nightly
group: Job 1 cancelled part of cancelled job group g
stage: Job 2 cancelled because Stage 2 was cancelled
job: Job 3 cancelled because it was enough
future: Job 4 cancelled part of cancelled job group late
after 10"
  assert_contains "$stderr" 'is still running after 100 ms'
  assert_contains "$stderr" 'TaskReaper: Thread dump from task '
}

@test "a barrier stage: its tasks start together, meet, and run again together when one fails; more tasks than slots are refused" {
  run --separate-stderr submit --master 'local-cluster[2,2,512]' "$APPS/barrier.ts" "$TEST_DIR/failed" 4
  assert_status 0
  assert_equal "$output" "0/4 attempt 1: 1 5 9 13
1/4 attempt 1: 1 5 9 13
2/4 attempt 1: 1 5 9 13
3/4 attempt 1: 1 5 9 13"
  run --separate-stderr submit --master 'local[2]' "$APPS/barrier.ts" "$TEST_DIR/failed" 4
  assert_status 0
  assert_contains "$output" 'Barrier execution mode does not allow run a barrier stage that requires more slots'
}

@test "short tasks are sent to a slot ahead; one that takes long holds up none of them" {
  for master in 'local[2]' 'local-cluster[2,1,512]'; do
    run --separate-stderr submit --master "$master" "$APPS/long-among-short.ts" "$TEST_DIR/$master"
    assert_status 0
    assert_equal "$output" 'sum 79800'
    assert_contains "$stderr" 'tasks back that waited on executor'
  done
}
