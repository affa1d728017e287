import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { inlineMap, mapAddress, mapPath } from "#core/sources/map-address.js";

suite("the address of a map", () => {
  test("is the last one that a comment of the text says", () => {
    assert.equal(mapAddress("a\n//# sourceMappingURL=a.js.map\nb\n//# sourceMappingURL=b.js.map\n"), "b.js.map");
    assert.equal(mapAddress("//@ sourceMappingURL=old.map"), "old.map");
    assert.equal(mapAddress("/*# sourceMappingURL=x.css.map */"), "x.css.map");
    assert.equal(mapAddress('//# sourceMappingURL=a.map\nf("sourceMappingURL=b.map")'), "a.map");
    assert.equal(mapAddress("let sourceMappingURL=1"), null);
    assert.equal(mapAddress(""), null);
  });

  test("may hold the map itself", () => {
    const map = '{"version":3}';
    assert.equal(inlineMap(`data:application/json;base64,${Buffer.from(map).toString("base64")}`), map);
    assert.equal(inlineMap(`data:application/json;charset=utf-8;base64,${Buffer.from(map).toString("base64")}`), map);
    assert.equal(inlineMap(`data:application/json,${encodeURIComponent(map)}`), map);
    for (const none of ["data:text/html,x", "data:", "data:application/json,%", "a.map"])
      assert.equal(inlineMap(none), null);
  });

  test("is a path beside the file, and never one to be fetched", () => {
    assert.equal(mapPath("maps/a%20b.js.map?v=1"), "maps/a b.js.map");
    assert.equal(mapPath("../a.map"), "../a.map");
    for (const none of ["http://x.test/a.map", "https://x.test/a.map", "//x.test/a.map", "file:///a.map", ""])
      assert.equal(mapPath(none), null);
  });
});
