// Asks the ResourceManager who may view what on this node, and remembers its answers for some seconds: a page that follows a log asks every second.
import type { Clock } from '../../common/ports.ts';
import type { TypeOf } from '../../common/shape.ts';
import type { ReplyOf, RequestOf } from '../../rpc/define-rpc.ts';
import type { aRefusal, nodeRights } from '../../rpc/messages/node-questions.ts';

export type Refused = TypeOf<typeof aRefusal>;
export type RightsQuestion = RequestOf<typeof nodeRights>;

/** So long a right that was taken back still holds here. */
const HOLDS_MS = 5_000;
const MOST_ANSWERS = 1_000;

export type AskRightsParts = {
  readonly clock: Clock;
  /** @throws AppError when the ResourceManager is away */
  readonly ask: (question: RightsQuestion) => Promise<ReplyOf<typeof nodeRights>>;
};

export function askRights({ clock, ask }: AskRightsParts): (question: RightsQuestion) => Promise<readonly Refused[]> {
  const answers = new Map<string, { readonly untilMs: number; readonly refused: readonly Refused[] }>();
  return async (question) => {
    const key = JSON.stringify([question.user, question.ip, question.administer, question.operation, question.applicationIds]);
    const nowMs = clock.nowMs();
    const known = answers.get(key);
    if (known !== undefined && known.untilMs > nowMs) return known.refused;
    const { refused } = await ask(question);
    if (answers.size >= MOST_ANSWERS) answers.clear();
    answers.set(key, { untilMs: nowMs + HOLDS_MS, refused });
    return refused;
  };
}
