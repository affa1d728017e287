import type { Core, Surroundings } from "#cli/main.js";
import { fakeReport, fakeRetainers, fakeSummary } from "./fake-report.js";

/** A stream that remembers. */
export class FakeOutput {
  text = "";
  readonly isTTY: boolean;
  readonly columns: number | undefined;

  constructor(terminal?: { readonly columns: number }) {
    this.isTTY = terminal !== undefined;
    this.columns = terminal?.columns;
  }

  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

/** What core was asked, and answers it never had to work for. */
export class FakeCore implements Core {
  readonly calls: unknown[][] = [];
  readonly answers: Partial<Core>;

  constructor(answers: Partial<Core> = {}) {
    this.answers = answers;
  }

  readonly findLeaks: Core["findLeaks"] = async (files, options) => {
    this.calls.push(["findLeaks", files, options]);
    return this.answers.findLeaks ? this.answers.findLeaks(files, options) : fakeReport();
  };

  readonly summarize: Core["summarize"] = async (file, options) => {
    this.calls.push(["summarize", file, options]);
    return this.answers.summarize ? this.answers.summarize(file, options) : fakeSummary();
  };

  readonly explainRetainers: Core["explainRetainers"] = async (file, id, options) => {
    this.calls.push(["explainRetainers", file, id, options]);
    return this.answers.explainRetainers ? this.answers.explainRetainers(file, id, options) : fakeRetainers();
  };
}

export interface FakeSurroundings extends Surroundings {
  readonly stdout: FakeOutput;
  readonly stderr: FakeOutput;
  readonly core: FakeCore;
}

export function surroundings(more: Partial<FakeSurroundings> = {}): FakeSurroundings {
  return { stdout: new FakeOutput(), stderr: new FakeOutput(), env: {}, core: new FakeCore(), ...more };
}
