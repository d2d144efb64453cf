// All messages there are; docs/RPC.md is generated from this list and a test compares.
import type { PushDefinition, RpcDefinition } from './define-rpc.ts';
import { blockMessages } from './messages/blocks.ts';
import { broadcastMessages } from './messages/broadcasts.ts';
import { clientMessages } from './messages/client.ts';
import { driverMessages } from './messages/driver.ts';
import { barrierMessages } from './messages/barrier.ts';
import { executorMessages } from './messages/executor.ts';
import { haMessages } from './messages/ha.ts';
import { labelMessages } from './messages/labels.ts';
import { logMessages } from './messages/logs.ts';
import { migrationMessages } from './messages/migration.ts';
import { nodeMessages } from './messages/node.ts';
import { nodeQuestions } from './messages/node-questions.ts';
import { operatorMessages } from './messages/operators.ts';
import { resultMessages } from './messages/results.ts';
import { reachMessages } from './messages/reach.ts';
import { stagingMessages } from './messages/staging.ts';
import { shuffleMessages } from './messages/shuffle.ts';
import { shufflePushMessages } from './messages/shuffle-push.ts';

export const ALL_MESSAGES = [
  ...clientMessages,
  ...driverMessages,
  ...nodeMessages,
  ...nodeQuestions,
  ...haMessages,
  ...operatorMessages,
  ...labelMessages,
  ...logMessages,
  ...executorMessages,
  ...barrierMessages,
  ...blockMessages,
  ...broadcastMessages,
  ...resultMessages,
  ...shuffleMessages,
  ...migrationMessages,
  ...shufflePushMessages,
  ...stagingMessages,
  ...reachMessages,
] as unknown as readonly (RpcDefinition | PushDefinition)[];
