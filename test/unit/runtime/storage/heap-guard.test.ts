import { expect, it } from 'vitest';
import { exposedCollector, HeapGuard } from '../../../../src/runtime/storage/heap-guard.ts';

/** A heap of 1000 bytes with so much in use and so much garbage. */
function heapOf(living: number, garbage: number) {
  const heap = {
    limit: 1000,
    living,
    garbage,
    collections: 0,
    used: () => heap.living + heap.garbage,
    collect: () => {
      heap.garbage = 0;
      heap.collections++;
    },
  };
  return { heap, guard: new HeapGuard(heap) };
}

it('far from the limit nothing is collected', () => {
  const { heap, guard } = heapOf(400, 250);
  expect(guard.hasRoom()).toBe(true);
  expect(heap.collections).toBe(0);
});

it('garbage near the limit is collected, and there is room', () => {
  const { heap, guard } = heapOf(400, 450);
  expect(guard.hasRoom()).toBe(true);
  expect(heap.collections).toBe(1);
});

it('living objects near the limit leave no room, and are not collected again and again', () => {
  const { heap, guard } = heapOf(810, 20);
  expect(guard.hasRoom()).toBe(false);
  heap.garbage = 60;
  expect(guard.hasRoom()).toBe(false);
  expect(heap.collections).toBe(1);
  heap.living = 500;
  expect(guard.hasRoom()).toBe(true);
});

it("V8's collector is there without a flag", () => {
  const collect = exposedCollector();
  expect(() => collect()).not.toThrow();
});
