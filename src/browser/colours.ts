// The style sheet's colours for what is drawn on a canvas, as they are now: a canvas knows neither names of colours nor light-dark().

const probe = document.createElement('span');
probe.hidden = true;

/** For one drawing: each colour is looked up once. */
export function palette(): (name: string, strength?: number) => string {
  if (!probe.isConnected) document.documentElement.append(probe);
  const known = new Map<string, string>();
  /** @param name of the style sheet: `--running` @param strength in percent; the rest is see-through */
  return (name, strength = 100) => {
    const key = strength === 100 ? `var(${name})` : `color-mix(in srgb, var(${name}) ${strength}%, transparent)`;
    const found = known.get(key);
    if (found !== undefined) return found;
    probe.style.color = key;
    const colour = getComputedStyle(probe).color;
    known.set(key, colour);
    return colour;
  };
}

/** The font of labels on a canvas. */
export const labelFont = (px = 11): string => `${px}px ${getComputedStyle(document.documentElement).getPropertyValue('--sans')}`;
