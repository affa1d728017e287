import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { plainObjectLayouts } from "#core/analysis/plain-object-layouts.js";
import { NO_SHAPE, type Shape, ShapeMatcher, inferShapes } from "#core/analysis/plain-object-shapes.js";
import { graphOf } from "../../support/graph-of.js";
import { SnapshotBuilder } from "../../support/snapshot-builder.js";

// Plain objects with these properties, each as often as `times` says.
function plainObjects(lists: readonly (readonly string[])[], times = 1): { heap: SnapshotBuilder; rows: number[] } {
  const heap = new SnapshotBuilder();
  const value = heap.string("value");
  const rows = lists.flatMap((properties) =>
    Array.from({ length: times }, () => {
      const node = heap.object("Object");
      for (const property of properties) heap.property(node, property, value);
      return node;
    }),
  );
  return { heap, rows };
}

const shapeNames = (lists: readonly (readonly string[])[], times = 1): string[] =>
  inferShapes(graphOf(plainObjects(lists, times).heap)).map((shape) => shape.name);

suite("inferring the shapes of plain objects", () => {
  test("takes what two objects have, in the order they have it, most frequent first", () => {
    assert.deepEqual(shapeNames([["a"], ["b", "c"], ["c", "b"], ["b", "c"], ["a"], ["b", "c"], ["once"]]), [
      "{b, c}",
      "{a}",
    ]);
  });

  test("leaves out what fewer than one in a thousand have", () => {
    const many = Array.from({ length: 2001 }, () => ["a"]);
    assert.deepEqual(shapeNames([...many, ["b"], ["b"]]), ["{a}"]);
    assert.deepEqual(shapeNames([...many.slice(3), ["b"], ["b"]]), ["{a}", "{b}"]);
  });

  test("sees only properties, and not __proto__", () => {
    const { heap, rows } = plainObjects([["a"], ["a"]]);
    for (const row of rows) {
      heap.property(row, "__proto__", 1).internal(row, "map", 1).element(row, 5, 1).weak(row, "w", 1);
      heap.property(row, "b", 1);
    }
    assert.deepEqual(inferShapes(graphOf(heap)), [{ name: "{a, b}", properties: ["a", "b"] }]);
  });

  test("looks at plain objects only", () => {
    const heap = new SnapshotBuilder();
    for (const node of [heap.object("Session"), heap.object("Session"), heap.closure("Object"), heap.closure("Object")])
      heap.property(node, "a", 0);
    assert.deepEqual(inferShapes(graphOf(heap)), []);
  });

  test("quotes names that would be mistaken for several", () => {
    assert.deepEqual(shapeNames([["a,b", 'say "hi"', "{}", "plain name"]], 2), [
      String.raw`{"a,b", "say \"hi\"", "{}", plain name}`,
    ]);
  });

  test("stops at a length that can be read, and after one property if that is longer", () => {
    const long = "x".repeat(200);
    const names = Array.from({ length: 20 }, (_, i) => `property${i + 10}`);
    assert.deepEqual(shapeNames([[long, "a"]], 2), [`{${long}}`]);
    assert.deepEqual(shapeNames([names], 2), [`{${names.slice(0, 10).join(", ")}}`]);
    const [first, fits, doesNot] = [100, 19, 20].map((length) => "y".repeat(length)) as [string, string, string];
    assert.deepEqual(shapeNames([[first, fits]], 2), [`{${first}, ${fits}}`]);
    assert.deepEqual(shapeNames([[first, doesNot]], 2), [`{${first}}`]);
  });

  test("takes objects for the same that differ behind the name's end", () => {
    const names = Array.from({ length: 10 }, (_, i) => `property${i + 10}`);
    assert.deepEqual(
      shapeNames([
        [...names, "end1end1"],
        [...names, "end2end2"],
      ]),
      [`{${names.join(", ")}}`],
    );
  });

  test("has no shape for an object without properties, and a bare one for a property without a name", () => {
    assert.deepEqual(shapeNames([[], [""]], 2), ["{}"]);
    // Nobody would see the difference between these two.
    const { heap } = plainObjects([["", "a"], ["a"]]);
    assert.deepEqual(inferShapes(graphOf(heap)), [{ name: "{a}", properties: ["", "a"] }]);
  });
});

suite("finding the shape of an object", () => {
  const shapesOf = (lists: readonly (readonly string[])[], shapes: readonly (readonly string[])[]): number[] => {
    const { heap, rows } = plainObjects(lists);
    const definitions: Shape[] = shapes.map((properties) => ({ name: `{${properties.join(", ")}}`, properties }));
    const graph = graphOf(heap);
    const layouts = plainObjectLayouts(graph);
    const matcher = new ShapeMatcher(graph, layouts, definitions);
    return rows.map((_, rank) => matcher.shapeOf(layouts.of[rank]!));
  };

  test("takes the largest it has all properties of, in whatever order, and of equal ones the first", () => {
    const shapes = [["a"], ["b", "a"], ["a", "c"], ["a", "b", "c", "d"]];
    const lists = [["a"], ["b"], ["a", "b"], ["c", "b", "a"], ["z", "c", "a"], ["d", "c", "b", "a"], []];
    assert.deepEqual(shapesOf(lists, shapes), [0, NO_SHAPE, 1, 1, 2, 3, NO_SHAPE]);
  });

  test("asks for two properties of one name where a shape has two: symbols with one description", () => {
    const symbol = "<symbol kind>";
    assert.deepEqual(shapesOf([[symbol], [symbol, symbol]], [[symbol, symbol], [symbol]]), [1, 0]);
  });

  test("knows nothing of a shape whose properties this snapshot does not have", () => {
    assert.deepEqual(shapesOf([["a"]], [["a", "nowhere"], ["a"]]), [1]);
  });

  test("is what trying every shape on every object finds", () => {
    const name = fc.constantFrom("a", "b", "c", "d", "e", "f");
    const lists = fc.array(fc.array(name, { maxLength: 6 }), { maxLength: 12 });
    fc.assert(
      fc.property(lists, lists, (objects, shapes) => {
        const wanted = shapes.filter((properties) => properties.length > 0);
        assert.deepEqual(
          shapesOf(objects, wanted),
          objects.map((properties) => slowShape(properties, wanted)),
        );
      }),
    );
  });
});

function slowShape(properties: readonly string[], shapes: readonly (readonly string[])[]): number {
  const fits = shapes.flatMap((shape, index) => {
    const left = [...properties];
    const hasAll = shape.every((property) => {
      const at = left.indexOf(property);
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    });
    return hasAll ? [index] : [];
  });
  return fits.reduce((best, index) => (shapes[index]!.length > (shapes[best]?.length ?? 0) ? index : best), NO_SHAPE);
}
