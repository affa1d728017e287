import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { makeFolder } from "#capture/snapshot-folder.js";

suite("the folder for snapshots", () => {
  test("is made with those around it, for this user only, and may be there already", async () => {
    const around = await mkdtemp(join(tmpdir(), "leakdiff-test-"));
    const folder = join(around, "a", "b");
    for (let time = 0; time < 2; time++) assert.equal((await makeFolder({ out: folder })).path, folder);
    const { mode } = await stat(folder);
    if (process.platform !== "win32") assert.equal(mode & 0o777, 0o700);
    await rm(around, { recursive: true });
  });

  test("goes again with those around it, if they were made for it and are empty", async () => {
    const around = await mkdtemp(join(tmpdir(), "leakdiff-test-"));
    const folder = join(around, "a", "b");
    await (await makeFolder({ out: folder })).removeEmpty();
    assert.deepEqual(await readdir(around), []);
    const { removeEmpty } = await makeFolder({ out: folder });
    await (await makeFolder({ out: folder })).removeEmpty();
    await writeFile(join(around, "a", "log"), "");
    await removeEmpty();
    assert.deepEqual(await readdir(join(around, "a")), ["log"]);
    await rm(around, { recursive: true });
  });

  test("is one of its own for each of many that begin at once, if that is asked for", async () => {
    const around = await mkdtemp(join(tmpdir(), "leakdiff-test-"));
    const out = join(around, "a", "run");
    const all = await Promise.all(Array.from({ length: 5 }, () => makeFolder({ out, newFolder: true })));
    assert.deepEqual(all.map(({ path }) => path).sort(), [out, ...[2, 3, 4, 5].map((number) => `${out}-${number}`)]);
    // Whoever made the folder around them removes it when the others are gone.
    for (const { removeEmpty } of [...all, ...all]) await removeEmpty();
    assert.deepEqual(await readdir(around), []);
    await rm(around, { recursive: true });
  });

  test("is refused with what is in it, if that are snapshots of a capture before", async () => {
    const around = await mkdtemp(join(tmpdir(), "leakdiff-test-"));
    await writeFile(join(around, "mine.heapsnapshot"), "");
    await makeFolder({ out: around });
    for (const name of ["near-heap-limit.heapsnapshot", "c.heapsnapshot.gz", "a.heapsnapshot"]) {
      await writeFile(join(around, name), "");
      const message = `the folder ${around} has snapshots of an earlier time, such as ${name}; name another one, or remove it first`;
      await assert.rejects(makeFolder({ out: around }), { code: "cannot-write", message });
    }
    const { path } = await makeFolder({ out: around, newFolder: true });
    assert.equal(path, `${around}-2`);
    await rm(path, { recursive: true });
    await rm(around, { recursive: true });
  });

  test("is refused where there is a file, and where a system takes no folders", async () => {
    const around = await mkdtemp(join(tmpdir(), "leakdiff-test-"));
    const file = join(around, "file");
    await writeFile(file, "");
    const refused = [file, join(file, "a"), ...(process.platform === "linux" ? ["/proc/leakdiff"] : [])];
    for (const folder of refused) await assert.rejects(makeFolder({ out: folder }), { code: "cannot-write" }, folder);
    await rm(around, { recursive: true });
  });
});
