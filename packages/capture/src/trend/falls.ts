/** From a high to the next low: garbage was collected, or the process restarted. */
export interface Fall {
  /** Position of the high. */
  readonly from: number;
  /** Position of the low. */
  readonly to: number;
}

/** All falls of at least `least`; what swings by less in between is passed over. */
export function fallsOf(values: readonly number[], least: number): Fall[] {
  const falls: Fall[] = [];
  let high = 0;
  let low = 0;
  let falling = false;
  for (let at = 1; at < values.length; at++) {
    const value = values[at]!;
    if (falling) {
      if (value < values[low]!) low = at;
      else if (value - values[low]! >= least) {
        falls.push({ from: high, to: low });
        falling = false;
        high = at;
      }
    } else if (value > values[high]!) {
      high = at;
    } else if (values[high]! - value >= least) {
      falling = true;
      low = at;
    }
  }
  if (falling) falls.push({ from: high, to: low });
  return falls;
}
