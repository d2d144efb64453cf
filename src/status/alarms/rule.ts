// What a rule is: facts in, an alarm or nothing out. Pure, so each is tested with made-up facts.
import type { Alarm } from '../store/status-view.ts';
import type { StageFacts } from './facts.ts';

export type StageRule = (facts: StageFacts) => Alarm | undefined;

export const stageAlarm = (
  kind: string,
  severity: Alarm['severity'],
  { stage }: StageFacts,
  said: { readonly message: string; readonly advice: string },
): Alarm => ({ kind, severity, stageId: stage.stageId, attemptId: stage.attemptId, ...said });
