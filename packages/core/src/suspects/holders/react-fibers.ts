import { componentNear, isFiber } from "../naming/react-component.js";
import { shortFile } from "../naming/short-file.js";
import { type HolderFacts, type HolderKind, usualTitle } from "./holder-kind.js";

/** React components that are no longer shown, and are still referred to by something that outlives them. */
export const reactFibers: HolderKind = {
  id: "react-fibers",
  advice:
    "Undo in the function that useEffect returns (or in componentWillUnmount) what the component has subscribed to.",
  recognise({ heap, growth, samples, finding: { path, container } }) {
    // What a component keeps may lead back to it or to another one that is shown.
    if (path.anchor === "component" && isFiber(heap.graph, container)) return false;
    const component = componentNear(growth, samples);
    return component !== null && (path.anchor !== "component" || path.words[0] !== component.name);
  },
  title: (facts) => `${usualTitle(facts)}, keeps ${componentInWords(facts)}`,
};

/** "React component `CartBadge` (cart.js:12)"; empty if what is held belongs to none. */
export function componentInWords({ growth, samples }: HolderFacts): string {
  const component = componentNear(growth, samples);
  if (component === null) return "";
  const { name, position } = component;
  const where = position === null ? "" : ` (${shortFile(position.file)}:${position.line})`;
  return name === "" ? `a React component${where}` : `React component \`${name}\`${where}`;
}
