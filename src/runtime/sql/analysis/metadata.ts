// A column's metadata as Spark Connect sends it: JSON text.
import type { Metadata } from '../types/data-type.ts';

export const metadataFromJson = (text: string): Metadata => JSON.parse(text) as Metadata;
